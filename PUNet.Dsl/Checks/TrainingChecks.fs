/// Rules of trainings, and of pre-training.
module internal PUNet.Dsl.TrainingChecks

open PUNet.Core.Models.Baselines
open PUNet.Dsl.Rules

/// A keyword that is given and has nothing to act on.
let idle (given: Map<string, SourcePosition>) (where: Where) keyword reason remedy =
    [ if given.ContainsKey keyword then
          Problem.at (where keyword) $"{keyword} has no effect here" reason "" remedy ]

/// The focal loss on a dataset of these classes.
let focal (where: Where) (datasetClasses: string list) (settings: FocalSettings) =
    [ yield! notNegative where "segmentation_loss" settings.Gamma
      yield! notNegative where "segmentation_loss" settings.BackgroundAlpha
      yield! notNegative where "segmentation_loss" settings.ForegroundAlpha
      match settings.ClassWeights with
      | ClassWeights.FromRatios factor -> yield! notNegative where "segmentation_loss" factor
      | ClassWeights.Given additions ->
          if additions.Length <> datasetClasses.Length then
              Problem.at
                  (where "segmentation_loss")
                  "class_weights does not fit the dataset"
                  $"it has one number for every class ({datasetClasses.Length})"
                  $"{additions.Length} numbers"
                  "" ]

/// What every training keeps.
let training (where: Where) (settings: TrainingSettings) =
    let crops, batch, perVolume = settings.CropsPerEpoch, settings.BatchSize, settings.CropsPerVolume

    [ yield! positive where "epochs" settings.Epochs
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
              ""
      yield! share where "foreground_fraction" settings.ForegroundFraction
      yield! notNegative where "body_rate" settings.BodyRate
      yield! notNegative where "prompt_rate" settings.PromptRate
      yield! notNegative where "weight_decay" settings.WeightDecay
      yield! aboveZero where "gradient_clip" settings.GradientClip
      yield! notNegative where "augmentation_strength" settings.AugmentationStrength ]

/// A range of active classes out of so many.
let activeClasses (where: Where) what count (fewest, most) =
    [ if fewest < 1 || most < fewest || most > count then
          Problem.at
              (where "active_classes")
              "active_classes is out of range"
              $"from 1 to the number of {what} classes ({count}), the smaller first"
              $"({fewest}, {most})"
              "" ]

let private supervision (where: Where) datasetClasses (settings: PretrainingSettings) =
    [ if settings.Classes.IsEmpty then
          Problem.at
              (where "supervise")
              "no class supervises"
              "supervise names at least one base class"
              "none"
              "give base classes to supervise"

      yield! knownClasses (where "supervise") datasetClasses settings.Classes
      yield! distinctClasses (where "supervise") settings.Classes
      yield! activeClasses where "supervised" settings.Classes.Length settings.ActiveClasses ]

/// Settings of prompts, for a network that has none.
let private withoutPrompts given (where: Where) (settings: PretrainingSettings) =
    [ match settings.Network with
      | :? BaselineConfiguration ->
          for keyword in [ "prompts_in_blocks"; "prompt_rate" ] do
              yield! idle given where keyword "this network has no prompts" "remove it"

          if settings.Focal.IsSome then
              yield!
                  idle
                      given
                      where
                      "active_classes"
                      "this network has a channel for each base class and trains all of them at once"
                      "remove it"
      | _ -> () ]

/// All faults of pre-training on a dataset of these classes.
let pretraining given (where: Where) (datasetClasses: string list) (settings: PretrainingSettings) =
    [ if settings.Focal.IsNone && settings.Cpa.IsNone then
          Problem.at
              (where "pretrain")
              "pre-training has no loss"
              "it learns from labels, from itself, or from both"
              "none"
              "add supervise … or self_supervise cpa"
      match settings.Focal with
      | Some loss ->
          yield! supervision where datasetClasses settings
          yield! focal where datasetClasses loss
      | None ->
          for keyword in [ "segmentation_loss"; "active_classes" ] do
              yield! idle given where keyword "it belongs to the labels, and none supervise" "add supervise …, or remove it"
      match settings.Cpa with
      | Some loss -> yield! notNegative where "self_supervise" loss.Weight
      | None -> yield! idle given where "momentum" "only self-supervision has a teacher" "add self_supervise cpa, or remove it"
      yield! withoutPrompts given where settings
      yield! NetworkChecks.poolHolds where settings.Network datasetClasses
      yield! training where settings.Training
      yield! share where "momentum" settings.Momentum ]
