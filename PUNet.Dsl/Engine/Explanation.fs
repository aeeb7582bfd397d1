namespace PUNet.Dsl.Engine

open PUNet.Dsl

/// A field of a stage's key, against the nearest result in the store.
type ExplainedField =
    {
        /// For example epochs, inputs.scans, environment.device.
        Field: string
        /// Value now; none where the field is gone, or not known yet.
        Now: string option
        /// Value in the nearest result; none where there is none.
        Before: string option
        /// Of changed code: the functions that changed.
        Functions: string list
    }

    member field.Differs = field.Now <> field.Before

/// Why a stage runs or does not, field by field.
type Explanation =
    {
        Entry: PlanEntry
        /// The nearest result of the same kind and label.
        Nearest: Provenance option
        Fields: ExplainedField list
    }

module Explanation =
    let private plain (field: string) =
        if field.StartsWith("parameters.", System.StringComparison.Ordinal) then
            field.Substring 11
        else
            field

    let private shown field value =
        let text = Canonical.show value

        if (field: string).StartsWith("inputs.", System.StringComparison.Ordinal) && text.Length > 8 then
            text.Substring(0, 8)
        else
            text

    /// All fields of the key of a planned stage; contents of inputs that other stages have yet to make are missing.
    let make (options: RunOptions) (store: Store) (entry: PlanEntry) : Explanation =
        let node = entry.Node
        let kind = StageSpec.kind node.Spec
        let fields = StageKey.fields options.Environment node.Spec entry.Known
        let now = Canonical.leaves fields

        match StageKey.nearest (Store.entries store) kind node.Label fields with
        | None ->
            { Entry = entry
              Nearest = None
              Fields =
                [ for field in now -> { Field = plain field.Key; Now = Some(shown field.Key field.Value); Before = None; Functions = [] } ] }
        | Some(nearest, changes) ->
            let changes = StageKey.withFunctions (Store.code store) (fun () -> options.Environment.Functions kind) changes
            let before = Canonical.leaves nearest.Fields

            { Entry = entry
              Nearest = Some nearest
              Fields =
                [ for field in Seq.append now.Keys before.Keys |> Seq.distinct |> Seq.sort ->
                      { Field = plain field
                        Now = now.TryFind field |> Option.map (shown field)
                        Before = before.TryFind field |> Option.map (shown field)
                        Functions =
                          changes
                          |> List.tryFind (fun change -> change.Field = plain field)
                          |> Option.map _.Functions
                          |> Option.defaultValue [] } ] }
