/// Rules of adaptations to new classes.
module internal PUNet.Dsl.AdaptationChecks

open PUNet.Core.Models
open PUNet.Dsl.Rules

/// The network of a backbone and the classes that supervised it; None for what is no backbone.
let private backboneOf (node: StageNode) =
    match node.Spec with
    | Pretrain settings -> Some(settings.Network, settings.Classes)
    | RandomBackbone settings -> Some(settings.Network, [])
    | _ -> None

let private noBackbone (where: Where) (node: StageNode) =
    Problem.at
        (where "target")
        $"{node.Label} is not a backbone"
        "a network is adapted that pretrain or randomBackbone yields"
        (StageSpec.kind node.Spec)
        "give it a backbone"

/// Classes that the backbone already learned in pre-training.
let private alreadyLearned (where: Where) (backbone: StageNode) learned (targets: string list) =
    [ for name in targets do
          if List.contains name learned then
              Problem.at
                  (where "target")
                  $"class \"{name}\" was already supervised in {backbone.Label}"
                  "a backbone is adapted to classes that it has not seen"
                  (String.concat ", " learned)
                  "take a novel class, or leave it out of supervise" ]

let private frozen (where: Where) (backbone: StageNode) datasetClasses learned (settings: AdaptationSettings) =
    [ yield! knownClasses (where "frozen_classes") datasetClasses settings.FrozenClasses
      yield! distinctClasses (where "frozen_classes") settings.FrozenClasses
      for name in settings.FrozenClasses do
          if List.contains name datasetClasses && not (List.contains name learned) then
              Problem.at
                  (where "frozen_classes")
                  $"class \"{name}\" was not learned by {backbone.Label}"
                  "frozen classes keep the prompts that the backbone learned"
                  (String.concat ", " learned)
                  "name base classes only" ]

/// A new output layer has a channel for each of its classes.
let private allAtOnce (where: Where) (settings: AdaptationSettings) =
    match settings.ActiveClasses with
    | Some(fewest, most) when fewest <> most || most <> settings.Targets.Length ->
        let keyword = AdaptationSettings.keyword settings.Variant

        [ Problem.at
              (where "active_classes")
              $"{keyword} trains all its classes at once"
              "its output layer has one channel for each of them"
              $"({fewest}, {most})"
              "remove it" ]
    | _ -> []

/// New classes that are learned together come from one dataset.
let oneDataset (where: Where) (datasets: StageNode list) =
    [ if datasets.Length > 1 then
          Problem.at
              (where "targets")
              "the targets belong to several datasets"
              "an adaptation reads one dataset"
              (datasets |> List.map _.Label |> String.concat ", ")
              "adapt to the classes of each dataset by themselves" ]

/// Whether a backbone's network can be adapted by the variant.
let private network (where: Where) (configuration: NetworkConfiguration) (settings: AdaptationSettings) =
    let own = configuration.Validate()

    [ for refusal in configuration.AdaptationFaults(settings.Variant, []) do
          let keyword = AdaptationSettings.keyword settings.Variant
          Problem.at (where keyword) (refusal.TrimEnd '.') "" "" ""
      for fault in configuration.AdaptedBy(settings.Variant, max 1 settings.Targets.Length).Validate() do
          if not (Seq.contains fault own) then
              Problem.at (where "target") (fault.TrimEnd '.') "" "" "" ]

/// All faults of an adaptation of a backbone.
let problems
    (given: Map<string, SourcePosition>)
    (where: Where)
    (backbone: StageNode)
    (datasetClasses: string list)
    (settings: AdaptationSettings)
    =
    [ match backboneOf backbone with
      | None -> noBackbone where backbone
      | Some(configuration, learned) ->
          yield! alreadyLearned where backbone learned settings.Targets
          yield! frozen where backbone datasetClasses learned settings
          yield! network where configuration settings

          if Seq.isEmpty (configuration.AdaptationFaults(settings.Variant, [])) then
              yield! Effect.problems given where Effect.adaptation { Variant = settings.Variant; Network = configuration }

              if configuration.UsesFixedLayer settings.Variant then
                  yield! allAtOnce where settings

          if settings.Initialisation = TokenInitialisation.MeanOfBase && learned.IsEmpty then
              Problem.at
                  (where "start_from_base_mean")
                  $"{backbone.Label} has no base classes"
                  "the mean is taken over the tokens of the classes that supervised it"
                  "none"
                  "let the tokens start at random"
      if settings.Targets.IsEmpty then
          Problem.at (where "target") "no target class" "an adaptation learns at least one class" "none" "add target organ"
      yield! knownClasses (where "target") datasetClasses settings.Targets
      yield! distinctClasses (where "target") settings.Targets
      match settings.ActiveClasses with
      | Some range when not settings.Targets.IsEmpty -> yield! TrainingChecks.activeClasses where "target" settings.Targets.Length range
      | _ -> ()
      yield! Effect.conflicts given where
      yield! TrainingChecks.training given where settings.Training
      yield! Limit.problems given where Numbers.adaptation settings ]
