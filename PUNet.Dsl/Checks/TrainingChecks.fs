/// Rules of pre-training and adaptation.
module internal PUNet.Dsl.TrainingChecks

open PUNet.Dsl.Rules

let private focal (where: Where) (settings: FocalSettings) =
    [ yield! notNegative where "segmentation_loss" settings.Gamma
      yield! notNegative where "segmentation_loss" settings.RatioFactor ]

let private cpa (where: Where) (settings: CpaSettings) = notNegative where "self_supervise" settings.Weight

let private batches (where: Where) epochs crops batch perVolume =
    [ yield! positive where "epochs" epochs
      yield! positive where "crops_per_epoch" crops
      yield! positive where "batch_size" batch
      yield! positive where "crops_per_volume" perVolume
      if perVolume > 0 && batch > 0 && batch % perVolume <> 0 then
          Problem.at
              (where "batch_size")
              "batch_size is no multiple of crops_per_volume"
              "a batch holds all crops of its volumes"
              $"{batch} crops, {perVolume} per volume"
              $"for example batch_size {perVolume * max 1 (batch / perVolume)}"
      if batch > 0 && crops > 0 && crops < batch then
          Problem.at
              (where "crops_per_epoch")
              "an epoch has no whole batch"
              "crops_per_epoch is at least batch_size"
              $"{crops} crops, batches of {batch}"
              "" ]

/// All faults of pre-training on a dataset of these classes.
let pretraining (where: Where) (datasetClasses: string list) (settings: PretrainingSettings) =
    let fewest, most = settings.ActiveClasses

    [ if settings.Focal.IsNone && settings.Cpa.IsNone then
          Problem.at
              (where "pretrain")
              "pre-training has no loss"
              "it learns from labels, from itself, or from both"
              "none"
              "add supervise … or self_supervise cpa"
      if settings.Focal.IsSome then
          if settings.Classes.IsEmpty then
              Problem.at
                  (where "supervise")
                  "no class supervises"
                  "supervise names at least one base class"
                  "none"
                  "give base classes to supervise"

          yield! knownClasses (where "supervise") datasetClasses settings.Classes
          yield! distinctClasses (where "supervise") settings.Classes

          if fewest < 1 || most < fewest || most > settings.Classes.Length then
              Problem.at
                  (where "active_classes")
                  "active_classes is out of range"
                  $"from 1 to the number of supervised classes ({settings.Classes.Length}), the smaller first"
                  $"({fewest}, {most})"
                  ""

      yield! NetworkChecks.poolHolds where settings.Network datasetClasses
      yield! batches where settings.Epochs settings.CropsPerEpoch settings.BatchSize settings.CropsPerVolume
      yield! share where "foreground_fraction" settings.ForegroundFraction
      yield! notNegative where "body_rate" settings.BodyRate
      yield! notNegative where "prompt_rate" settings.PromptRate
      yield! notNegative where "weight_decay" settings.WeightDecay
      yield! notNegative where "augmentation_strength" settings.AugmentationStrength
      yield! share where "momentum" settings.Momentum
      yield! settings.Focal |> Option.map (focal where) |> Option.defaultValue []
      yield! settings.Cpa |> Option.map (cpa where) |> Option.defaultValue [] ]

/// Classes that the backbone already learned in pre-training.
let private alreadyLearned (where: Where) (backbone: StageNode) (targets: string list) =
    match backbone.Spec with
    | Pretrain pretraining ->
        [ for name in targets do
              if List.contains name pretraining.Classes then
                  Problem.at
                      (where "target")
                      $"class \"{name}\" was already supervised in {backbone.Label}"
                      "a backbone is adapted to classes that it has not seen"
                      (String.concat ", " pretraining.Classes)
                      "take a novel class, or leave it out of supervise" ]
    | _ -> []

/// All faults of an adaptation of a backbone.
let adaptation (where: Where) (backbone: StageNode) (datasetClasses: string list) (settings: AdaptationSettings) =
    [ match backbone.Spec with
      | Pretrain _
      | RandomBackbone _ -> ()
      | other ->
          Problem.at
              (where "target")
              $"{backbone.Label} is not a backbone"
              "a network is adapted that pretrain or randomBackbone yields"
              (StageSpec.kind other)
              "give it a backbone"
      if settings.Targets.IsEmpty then
          Problem.at (where "target") "no target class" "an adaptation learns at least one class" "none" "add target organ"
      yield! knownClasses (where "target") datasetClasses settings.Targets
      yield! distinctClasses (where "target") settings.Targets
      yield! alreadyLearned where backbone settings.Targets
      yield! batches where settings.Epochs settings.CropsPerEpoch settings.BatchSize settings.CropsPerVolume
      yield! settings.Subjects |> Option.map (positive where "subjects") |> Option.defaultValue []
      yield! share where "foreground_fraction" settings.ForegroundFraction
      yield! notNegative where "body_rate" settings.BodyRate
      yield! notNegative where "prompt_rate" settings.PromptRate
      yield! notNegative where "weight_decay" settings.WeightDecay
      yield! notNegative where "augmentation_strength" settings.AugmentationStrength
      yield! focal where settings.Focal ]
