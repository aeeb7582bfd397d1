/// Which result of the store a stage is compared with.
module PUNet.Dsl.Engine.FormerResult

open System.Text.RegularExpressions
open PUNet.Dsl

/// A stage's label without what tells it apart from others of its graph, in brackets or by a number: that changes with its settings.
let private name (label: string) =
    let outside, _ =
        label
        |> Seq.fold
            (fun (kept, depth) character ->
                match character with
                | '[' -> kept, depth + 1
                | ']' when depth > 0 -> kept, depth - 1
                | _ -> (if depth = 0 then character :: kept else kept), depth)
            ([], 0)

    Regex.Replace(System.String(outside |> List.rev |> Array.ofList), @"#\d+", "")

/// Settings that may differ where no input is the same: what was made of other data with other settings is another experiment's.
let private fewSettings = 2

let private inputs fields = CanonicalJson.field "inputs" fields |> KeyChanges.leaves

/// Whether a result read its inputs from stages of the same names: an evaluation has few settings, and is told apart by its dataset alone.
let private sharesSources (sources: Map<string, string>) (entry: Provenance) =
    entry.Inputs
    |> List.forall (fun input ->
        match sources.TryFind input.Name with
        | Some label -> name label = name input.From
        | None -> true)

/// Whether a result can be called a former one of the stage: it read an input of the same content and has most settings in common, or
/// it read inputs of the same names and has all settings in common but a few.
let private isFormer sources fields (entry: Provenance) (changes: FieldChange list) =
    let now, before = inputs fields, inputs entry.Fields
    let sharesInput = now |> Map.exists (fun input content -> before.TryFind input = Some content)
    let parameters = CanonicalJson.field "parameters" fields |> KeyChanges.leaves

    let isSetting (change: FieldChange) =
        change.Field <> "code"
        && not (change.Field.StartsWith("inputs.", System.StringComparison.Ordinal))
        && not (change.Field.StartsWith("environment.", System.StringComparison.Ordinal))

    let settings = changes |> List.filter isSetting |> List.length

    if sharesInput then
        settings <= max fewSettings (parameters.Count / 2)
    else
        settings <= fewSettings && sharesSources sources entry

/// The former result of a stage that differs in the fewest fields, the latest of several, with the differences; none where the store
/// holds only results of other experiments. `entries`: the latest first; `sources`: labels of the stages that make the inputs;
/// `unknown`: inputs whose contents are not known yet.
let find (entries: Provenance list) kind label sources unknown fields : (Provenance * FieldChange list) option =
    entries
    |> List.filter (fun entry -> entry.Kind = kind && name entry.Label = name label)
    |> List.map (fun entry -> entry, KeyChanges.differences unknown entry.Fields fields)
    |> List.filter (fun (entry, changes) -> isFormer sources fields entry changes)
    |> List.sortBy (fun (entry, changes) -> changes.Length, entry.Label <> label)
    |> List.tryHead
