namespace PUNet.Dsl.Engine

open PUNet.Dsl

/// A field of a stage's key, against the nearest result in the store.
type ExplainedField =
    {
        /// For example epochs, inputs.scans, environment.device.
        Field: string
        /// Value now; none where the field is gone, or not known yet.
        Now: string option
        /// Whether the value is known: contents of inputs that other stages have yet to make are not.
        IsKnown: bool
        /// Value in the nearest result; none where there is none.
        Before: string option
        /// Of changed code: the functions that changed.
        Functions: string list
    }

    /// Whether it is known to differ.
    member field.Differs = field.IsKnown && field.Now <> field.Before

/// Why a stage runs or does not, field by field.
type Explanation =
    {
        Entry: PlanEntry
        /// The former result of the stage, where there is one.
        Nearest: Provenance option
        Fields: ExplainedField list
    }

module Explanation =
    /// All fields of the key of a stage of a plan; contents of inputs that other stages have yet to make are missing.
    let make (options: RunOptions) (store: Store) (plan: PlanEntry list) (entry: PlanEntry) : Explanation =
        let node = entry.Node
        let sources = { Nodes = plan |> List.map _.Node }.Sources node
        let kind = StageSpec.kind node.Spec
        let unknown = Plan.unknown node entry.Known
        let fields = StageKey.fields options.Environment node.Spec entry.Known
        let now = KeyChanges.leaves fields
        let waits = unknown |> Seq.map (fun name -> $"inputs.{name}") |> Set.ofSeq
        let former = FormerResult.find (Store.entries store) kind node.Label sources unknown fields

        let changes =
            match former with
            | Some(_, changes) -> KeyChanges.withFunctions (Store.code store) (fun () -> options.Environment.Functions kind) changes
            | None -> []

        let before = former |> Option.map (fst >> _.Fields >> KeyChanges.leaves) |> Option.defaultValue Map.empty
        let value (leaves: Map<string, Canonical>) field = leaves.TryFind field |> Option.map (KeyChanges.shown field)
        let functions field = changes |> List.tryFind (fun change -> change.Field = KeyChanges.plain field) |> Option.map _.Functions

        let fields: string list =
            Seq.concat [ Seq.cast now.Keys; Seq.cast before.Keys; Seq.cast waits ] |> Seq.distinct |> Seq.sort |> List.ofSeq

        // no value on one side and a record on the other: the record's fields tell
        let isRecord (field: string) = fields |> List.exists _.StartsWith(field + ".", System.StringComparison.Ordinal)

        { Entry = entry
          Nearest = former |> Option.map fst
          Fields =
            [ for field in fields |> List.filter (isRecord >> not) ->
                  { Field = KeyChanges.plain field
                    Now = value now field
                    Before = value before field
                    IsKnown = not (waits.Contains field)
                    Functions = functions field |> Option.defaultValue [] } ] }
