/// Keys of stages: what their results depend on, hashed.
module PUNet.Dsl.Engine.StageKey

open PUNet.Dsl

/// Every field of a stage's key. `inputs` are content hashes by the inputs' names.
let fields (environment: KeyEnvironment) spec (inputs: Map<string, string>) =
    let strict =
        if environment.Determinism = "strict" then
            [ "processor", Fields(environment.Arithmetic |> Map.map (fun _ text -> Text text)) ]
        else
            []

    let device =
        if StageSpec.computesOnDevice spec then
            [ "device", Text environment.Device; "determinism", Text environment.Determinism ] @ strict
        else
            []

    Canonical.fields
        [ "kind", Text(StageSpec.kind spec)
          "parameters", StageSpec.parameters spec
          "inputs", Fields(inputs |> Map.map (fun _ hash -> Text hash))
          "code", Text(environment.Code spec)
          "environment", Canonical.fields ([ "libtorch", Text environment.Libtorch; "torchsharp", Text environment.TorchSharp ] @ device) ]

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
          After = Map.tryFind field after |> Option.map (show field)
          Functions = [] })
    |> List.ofSeq

/// Functions that differ, are new or are gone, as people read them.
let private changedFunctions (before: Map<string, string>) (after: Map<string, string>) =
    let short (name: string) =
        let parts = name.Split("::", 2)
        let owner = parts[0].Substring(parts[0].LastIndexOf '.' + 1).Replace('/', '.')

        if parts.Length = 1 then
            owner
        else
            let member' = parts[1]

            let cut =
                [ member'.IndexOf '('; member'.IndexOf '`'; member'.IndexOf("instance ", System.StringComparison.Ordinal) ]
                |> List.filter (fun at -> at > 0)

            $"{owner}.{member'.Substring(0, List.min cut)}"

    Seq.append before.Keys after.Keys
    |> Seq.distinct
    |> Seq.filter (fun name -> Map.tryFind name before <> Map.tryFind name after)
    |> Seq.map short
    |> Seq.distinct
    |> Seq.sort
    |> List.ofSeq

/// The differences with the names of the functions behind a changed hash of the code, where they are known.
/// `known`: functions behind a hash; `current`: the functions of the stage now.
let withFunctions (known: string -> Map<string, string> option) (current: unit -> Map<string, string>) (changes: FieldChange list) =
    changes
    |> List.map (fun change ->
        match change.Field, change.Before |> Option.bind known with
        | "code", Some before -> { change with Functions = changedFunctions before (current ()) }
        | _ -> change)

/// The entry of the same kind and label that differs in the fewest fields, the latest of several, with the differences.
/// `entries`: the latest first.
let nearest (entries: Provenance list) kind label fields : (Provenance * FieldChange list) option =
    entries
    |> List.filter (fun entry -> entry.Kind = kind && entry.Label = label)
    |> List.map (fun entry -> entry, differences entry.Fields fields)
    |> function
        | [] -> None
        | candidates -> Some(candidates |> List.minBy (fun (_, changes) -> changes.Length))
