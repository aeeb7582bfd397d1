/// Keys of stages: what their results depend on, hashed.
module PUNet.Dsl.Engine.StageKey

open PUNet.Dsl

/// Every field of a stage's key. `inputs` are content hashes by the inputs' names.
let fields (environment: KeyEnvironment) spec (inputs: Map<string, string>) =
    let device =
        if StageSpec.computesOnDevice spec then
            [ "device", Text environment.Device; "determinism", Text environment.Determinism ]
        else
            []

    Canonical.fields
        [ "kind", Text(StageSpec.kind spec)
          "parameters", StageSpec.parameters spec
          "inputs", Fields(inputs |> Map.map (fun _ hash -> Text hash))
          "code", Text(environment.Code spec)
          "environment", Canonical.fields (("libtorch", Text environment.Libtorch) :: device) ]

/// The key: 32 hexadecimal digits.
let ofFields fields = (Canonical.hash fields).Substring(0, 32)

/// Fields in which two keys differ; names and values as people read them. Hashes are shortened.
let differences (before: Canonical) (after: Canonical) : FieldChange list =
    let before, after = Canonical.leaves before, Canonical.leaves after

    let show (field: string) value =
        let text = Canonical.show value

        if field.StartsWith("inputs.", System.StringComparison.Ordinal) && text.Length > 8 then
            text.Substring(0, 8)
        else
            text

    let plain (field: string) =
        if field.StartsWith("parameters.", System.StringComparison.Ordinal) then
            field.Substring 11
        else
            field

    Seq.append before.Keys after.Keys
    |> Seq.distinct
    |> Seq.sort
    |> Seq.filter (fun field -> Map.tryFind field before <> Map.tryFind field after)
    |> Seq.map (fun field ->
        { Field = plain field
          Before = Map.tryFind field before |> Option.map (show field)
          After = Map.tryFind field after |> Option.map (show field) })
    |> List.ofSeq

/// The entry of the same kind and label that differs in the fewest fields, the latest of several, with the differences.
/// `entries`: the latest first.
let nearest (entries: Provenance list) kind label fields : (Provenance * FieldChange list) option =
    entries
    |> List.filter (fun entry -> entry.Kind = kind && entry.Label = label)
    |> List.map (fun entry -> entry, differences entry.Fields fields)
    |> function
        | [] -> None
        | candidates -> Some(candidates |> List.minBy (fun (_, changes) -> changes.Length))
