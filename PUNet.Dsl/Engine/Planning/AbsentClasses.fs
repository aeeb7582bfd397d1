/// Classes that a script wants learned or compared and that the subjects of the part do not have: faults that show once the dataset is
/// prepared.
module PUNet.Dsl.Engine.AbsentClasses

open PUNet.Core.Data
open PUNet.Dsl

/// Part, classes, and how many of the part's subjects drawn by which seed, in which a stage needs its classes; none for a stage that needs none.
let private needs (compared: Set<string>) (node: GraphNode) =
    match StageSpec.learned node.Spec, StageSpec.evaluation node.Spec with
    | Some(classes, drawn), _ -> Some(Part.Train, classes, drawn)
    | None, Some options when compared.Contains node.Id -> Some(options.Part, List.ofSeq options.Classes, None)
    | None, _ -> None

let private name part =
    match part with
    | Part.Train -> "training"
    | Part.Validation -> "validation"
    | _ -> "test"

let private problem (node: GraphNode) part drawn (absent: AbsentClass) =
    let rule =
        if (StageSpec.evaluation node.Spec).IsSome then
            "what is compared needs a score of every class"
        else
            "a class is learned from subjects that have it"

    let subjects = if Option.isSome drawn then $"the {absent.Subjects} drawn" else string absent.Subjects

    Problem.at
        node.Position
        $"class \"{absent.Name}\" is absent from the {name part} part, which {node.Label} needs"
        rule
        $"0 of {subjects} subjects have it"
        "give the part a subject that has it in the split, or leave the class out"

/// The faults of the stages whose dataset is prepared. `folderOf`: where the result of a stage's identity lies, if it is there;
/// `compared`: identities of evaluations whose figures the script waits for.
let problems (folderOf: string -> string option) (compared: Set<string>) (graph: Graph) : Problem list =
    let scans (node: GraphNode) =
        node.Inputs
        |> List.tryPick (fun (name, input) ->
            match input with
            | GraphInput.Stage id when name = "scans" -> folderOf id
            | _ -> None)

    [ for node in graph.Nodes do
          match needs compared node, scans node with
          | Some(part, classes, drawn), Some folder ->
              let count, seed = Option.toNullable (Option.map fst drawn), drawn |> Option.map snd |> Option.defaultValue 0L

              for absent in AbsentClass.In(folder, part, classes, count, seed) do
                  problem node part drawn absent
          | _ -> () ]
    |> Problem.inOrder
