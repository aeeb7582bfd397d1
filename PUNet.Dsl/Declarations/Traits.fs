/// What tells stages of one name apart.
module internal PUNet.Dsl.Traits

/// Most traits that a name is completed with.
let private shown = 3

/// What tells a stage apart for a reader: its settings, and the labels of what it reads.
let private all (node: StageNode) =
    let inputs =
        [ for name, input in node.Inputs do
              match input with
              | StageInput.Stage stage -> name, Text stage.Label
              | StageInput.Files(path, _) -> name, Text(DataPath.show path) ]

    let leaves = StageSpec.parameters node.Spec |> Canonical.leaves
    inputs |> List.fold (fun leaves (name, label) -> Map.add name label leaves) leaves

/// For each of some stages, the traits in which they differ, in brackets: [prompt_rate=0.01]; nothing where they differ in none.
let differing (nodes: StageNode list) : string list =
    let traits = nodes |> List.map all
    let values path = traits |> List.map (Map.tryFind path) |> List.distinct
    let paths = traits |> List.collect (Map.keys >> List.ofSeq) |> List.distinct |> List.sort
    let short (path: string) = path.Substring(path.LastIndexOf '.' + 1)
    let value path own = Map.tryFind path own |> Option.map Canonical.show |> Option.defaultValue "none"

    match paths |> List.filter (fun path -> (values path).Length > 1) |> List.truncate shown with
    | [] -> nodes |> List.map (fun _ -> "")
    | paths -> [ for own in traits -> "[" + (paths |> List.map (fun path -> $"{short path}={value path own}") |> String.concat ", ") + "]" ]

/// Names of stages, those that several share completed by their traits, and where these are equal by a number.
let distinct (name: StageNode -> string) (nodes: StageNode list) : string list =
    let names = nodes |> List.map name |> Array.ofList

    let shared (group: (int * StageNode) list) =
        List.zip group (differing (List.map snd group))
        |> List.groupBy snd
        |> List.collect (fun (suffix, equals) ->
            equals |> List.mapi (fun i ((at, _), _) -> at, names[at] + suffix + (if i = 0 then "" else $"#{i + 1}")))

    nodes
    |> List.indexed
    |> List.groupBy (fun (at, _) -> names[at])
    |> List.collect (fun (name, group) ->
        match group with
        | [ at, _ ] -> [ at, name ]
        | _ -> shared group)
    |> List.sortBy fst
    |> List.map snd
