/// Rules of trainings, and of pre-training.
module internal PUNet.Dsl.TrainingChecks

open PUNet.Dsl.Rules

/// Weights of classes that are given, on a dataset of these classes.
let classWeights (where: Where) (datasetClasses: string list) (settings: FocalSettings) =
    match settings.ClassWeights with
    | ClassWeights.Given additions when additions.Length <> datasetClasses.Length ->
        [ Problem.at
              (where "class_weights")
              "class_weights does not fit the dataset"
              $"it has one number for every class ({datasetClasses.Length})"
              $"{additions.Length} numbers"
              "" ]
    | _ -> []

/// What every training keeps.
let training given (where: Where) (settings: TrainingSettings) =
    let crops, batch, perVolume = settings.CropsPerEpoch, settings.BatchSize, settings.CropsPerVolume

    [ yield! Limit.problems given where Numbers.training settings
      if perVolume > 0 && batch > 0 && batch % perVolume <> 0 then
          Problem.at
              (where (firstOf given [ "batch_size"; "crops_per_volume" ]))
              "batch_size is no multiple of crops_per_volume"
              "a batch holds all crops of its volumes"
              $"{batch} crops, {perVolume} per volume"
              $"for example batch_size {perVolume * max 1 (batch / perVolume)}"
      if batch > 0 && crops > 0 && crops < batch then
          Problem.at
              (where (firstOf given [ "crops_per_epoch"; "batch_size" ]))
              "an epoch has no whole batch"
              "crops_per_epoch is at least batch_size"
              $"{crops} crops, batches of {batch}"
              "" ]

/// A range of active classes out of so many; that there are none is a fault of its own.
let activeClasses (where: Where) what count (fewest, most) =
    [ if count > 0 && (fewest < 1 || most < fewest || most > count) then
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

/// All faults of pre-training on a dataset of these classes.
let pretraining given (where: Where) (datasetClasses: string list) (settings: PretrainingSettings) =
    [ if settings.Focal.IsNone && settings.Cpa.IsNone then
          Problem.at
              (where "pretrain")
              "pre-training has no loss"
              "it learns from labels, from itself, or from both"
              "none"
              "add supervise … or self_supervise cpa"
      if settings.Focal.IsSome then
          yield! supervision where datasetClasses settings
      yield! Effect.conflicts given where
      yield! Effect.problems given where Effect.pretraining settings
      yield! NetworkChecks.poolHolds where settings.Network datasetClasses
      yield! training given where settings.Training
      yield! Limit.problems given where Numbers.pretraining settings ]
