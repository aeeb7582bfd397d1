/// The stages that an experiment adds to those of the script: one evaluation per model, and the tables.
module internal PUNet.Dsl.Evaluations

open PUNet.Core.Common

/// Classes that a model or backbone can segment.
let classes (node: StageNode) =
    match node.Spec with
    | Adapt settings -> settings.Targets
    | Compose settings -> List.concat settings.Adapters
    | Pretrain settings -> settings.Classes
    | _ -> []

/// An evaluation of a part to which the split gives nothing.
let private emptyPart position settings evaluated =
    match StageNode.scans evaluated with
    | Some(_, { Split = SplitRule.Shares(train, validation, test, _) }) ->
        let name, share =
            match settings.Part with
            | Part.Train -> "train", train
            | Part.Validation -> "validation", validation
            | _ -> "test", test

        [ if share = 0.0 then
              let remedy = $"give {name} a share, or leave the evaluation out"

              Problem.at
                  position
                  $"{evaluated.Label} is evaluated on an empty part"
                  "a part that is evaluated has subjects"
                  $"{name} 0"
                  remedy ]
    | _ -> []

/// The evaluation of a model or backbone.
let stage position settings (evaluated: StageNode) : StageNode =
    let input name stage = stage |> Option.map (fun stage -> name, StageInput.Stage stage) |> Option.toList

    let own =
        match evaluated.Spec with
        | Adapt _
        | Compose _ -> input "backbone" (StageNode.backbone evaluated) @ [ "model", StageInput.Stage evaluated ]
        | _ -> [ "backbone", StageInput.Stage evaluated ]

    { Spec = Evaluate settings
      Label = $"evaluate({evaluated.Label})"
      LabelGiven = false
      Inputs = input "scans" (StageNode.scans evaluated |> Option.map fst) @ own
      Position = position
      Settings = Map.empty
      Problems = emptyPart position settings evaluated }

/// What was done, as a table says it: the stage's keyword or label, with the backbone where that has a name of its own.
let variant (node: StageNode) =
    match node.Spec, StageNode.input "backbone" node with
    | Adapt settings, backbone when not node.LabelGiven ->
        match backbone with
        | Some backbone when backbone.Label <> "pretrain" -> $"{AdaptationSettings.keyword settings.Variant} on {backbone.Label}"
        | _ -> AdaptationSettings.keyword settings.Variant
    | _ -> node.Label

/// The stage with another seed; none for a stage that draws nothing at random.
let reseeded seed (node: StageNode) : StageNode option =
    match node.Spec with
    | Pretrain settings -> Some(Pretrain { settings with Training = { settings.Training with Seed = seed } })
    | Adapt settings -> Some(Adapt { settings with Training = { settings.Training with Seed = seed } })
    | RandomBackbone settings -> Some(RandomBackbone { settings with Seed = seed })
    | _ -> None
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
