/// The stages that an experiment adds to those of the script: one evaluation per model, and the tables.
module internal PUNet.Dsl.Evaluations

open PUNet.Core.Inference

/// An evaluation of a part to which the split gives nothing.
let private emptyPart position (options: EvaluationOptions) (evaluated: StageNode) =
    let share =
        StageNode.scans evaluated |> Option.bind (fun (_, dataset) -> Option.ofNullable (dataset.Split.ShareOf options.Part))

    let name = (string options.Part).ToLowerInvariant()

    [ if share = Some 0.0 then
          Problem.at
              position
              $"{evaluated.Label} is evaluated on an empty part"
              "a part that is evaluated has subjects"
              $"{name} 0"
              $"give {name} a share, or leave the evaluation out" ]

/// Classes that a model or backbone can segment.
let classes (node: StageNode) = StageSpec.classes node.Spec

/// The evaluation of a model or backbone.
let stage position options (evaluated: StageNode) : StageNode =
    let input name stage = stage |> Option.map (fun stage -> name, StageInput.Stage stage) |> Option.toList

    let own =
        if StageSpec.isTuned evaluated.Spec then
            input "backbone" (StageNode.backbone evaluated) @ [ "model", StageInput.Stage evaluated ]
        else
            [ "backbone", StageInput.Stage evaluated ]

    { Spec = Evaluate options
      Label = $"evaluate({evaluated.Label})"
      LabelGiven = false
      Inputs = input "scans" (StageNode.scans evaluated |> Option.map fst) @ own
      Position = position
      Settings = Map.empty
      Problems = emptyPart position options evaluated }

/// What was done, as a table says it: the stage's keyword or label, with the backbone where that has a name of its own.
let variant (node: StageNode) =
    match StageSpec.keyword node.Spec, StageNode.input "backbone" node with
    | "", _ -> node.Label
    | _ when node.LabelGiven -> node.Label
    | keyword, Some backbone when backbone.Label <> "pretrain" -> $"{keyword} on {backbone.Label}"
    | keyword, _ -> keyword

/// The stage with another seed; none for a stage that draws nothing at random.
let reseeded seed (node: StageNode) : StageNode option =
    StageSpec.reseeded seed node.Spec
    |> Option.map (fun spec ->
        { node with
            Spec = spec
            Label = (if node.LabelGiven then $"{node.Label}, seed {seed}" else node.Label) })

/// Variants of stages as one table says them: such as segment the same classes have different ones.
let variants (nodes: StageNode list) : (StageNode * string) list =
    nodes |> List.groupBy classes |> List.collect (fun (_, group) -> List.zip group (Traits.distinct variant group))

/// Tables and pictures of evaluations, given with what they evaluate. `variantOf`: what was done; `repetitionOf`: a number that models
/// share which differ in their seed only.
let tables
    position
    title
    (evaluated: (StageNode * StageNode) list)
    variantOf
    repetitionOf
    (comparisons: (StageNode * StageNode) list)
    : StageNode =
    let number = evaluated |> List.mapi (fun i (model, _) -> model, i)
    let row model = number |> List.pick (fun (other, i) -> if obj.ReferenceEquals(other, model) then Some $"scores.{i}" else None)

    let settings =
        { Title = title
          Rows =
            [ for i, (model, _) in List.indexed evaluated ->
                  { Input = $"scores.{i}"; Variant = variantOf model; Repetition = repetitionOf model } ]
          Comparisons = [ for left, right in comparisons -> row left, row right ] }

    { Spec = Report settings
      Label = $"table({title})"
      LabelGiven = false
      Inputs = [ for i, (_, evaluation) in List.indexed evaluated -> $"scores.{i}", StageInput.Stage evaluation ]
      Position = position
      Settings = Map.empty
      Problems = [] }
