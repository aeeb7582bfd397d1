/// Declared trainings in the words of Core.
module internal PUNet.Dsl.Engine.TrainingOptions

open PUNet.Core.Losses
open PUNet.Core.Training
open PUNet.Dsl

let private focal (settings: FocalSettings) =
    FocalLossOptions(
        Gamma = settings.Gamma,
        BackgroundAlpha = settings.BackgroundAlpha,
        ForegroundAlpha = settings.ForegroundAlpha,
        AdditiveAlpha =
            match settings.ClassWeights with
            | ClassWeights.Given additions -> ResizeArray(0.0 :: additions)
            | ClassWeights.FromRatios _ -> ResizeArray()
    )

/// Factor of the class weights that come from the dataset; 0: none do.
let private ratioFactor (settings: FocalSettings) =
    match settings.ClassWeights with
    | ClassWeights.FromRatios factor -> factor
    | ClassWeights.Given _ -> 0.0

/// Of a pre-training on a prepared dataset.
let pretraining (settings: PretrainingSettings) dataset =
    let loss =
        match settings.Focal, settings.Cpa with
        | Some _, None -> PretrainingLoss.Meta
        | None, _ -> PretrainingLoss.Self
        | Some _, Some _ -> PretrainingLoss.MetaSelf

    let segmentation = settings.Focal |> Option.defaultValue FocalSettings.defaults
    let assignment = settings.Cpa |> Option.defaultValue CpaSettings.defaults

    let training = settings.Training

    PretrainingOptions(
        Network = settings.Network,
        BaseClasses = DatasetOptions.labels dataset settings.Classes,
        Loss = loss,
        PromptsInBlocks = settings.PromptsInBlocks,
        FewestActive = fst settings.ActiveClasses,
        MostActive = snd settings.ActiveClasses,
        TeacherMomentum = settings.Momentum,
        SelfSupervisedWeight = assignment.Weight,
        Assignment = assignment.Constants,
        Focal = focal segmentation,
        ClassRatioFactor = ratioFactor segmentation,
        Epochs = training.Epochs,
        CropsPerEpoch = training.CropsPerEpoch,
        BatchSize = training.BatchSize,
        CropsPerVolume = training.CropsPerVolume,
        ForegroundFraction = training.ForegroundFraction,
        BodyRate = training.BodyRate,
        PromptRate = training.PromptRate,
        WeightDecay = training.WeightDecay,
        GradientClip = training.GradientClip,
        AugmentationStrength = training.AugmentationStrength,
        Precision = training.Precision,
        Seed = int64 training.Seed
    )

/// Of a backbone that is not trained.
let untrained (settings: RandomBackboneSettings) = PretrainingOptions(Network = settings.Network, Seed = int64 settings.Seed)

/// Of an adaptation on a prepared dataset.
let adaptation (settings: AdaptationSettings) dataset =
    let training = settings.Training
    let fewest, most = settings.ActiveClasses |> Option.defaultValue (settings.Targets.Length, settings.Targets.Length)

    AdaptationOptions(
        Variant = settings.Variant,
        NewClasses = DatasetOptions.labels dataset settings.Targets,
        FrozenClasses = DatasetOptions.labels dataset settings.FrozenClasses,
        FewestActive = fewest,
        MostActive = most,
        StartFromBaseMean = (settings.Initialisation = TokenInitialisation.MeanOfBase),
        FreezeStatistics = settings.FreezeStatistics,
        Subjects = Option.toNullable settings.Subjects,
        Focal = focal settings.Focal,
        ClassRatioFactor = ratioFactor settings.Focal,
        Epochs = training.Epochs,
        CropsPerEpoch = training.CropsPerEpoch,
        BatchSize = training.BatchSize,
        CropsPerVolume = training.CropsPerVolume,
        ForegroundFraction = training.ForegroundFraction,
        BodyRate = training.BodyRate,
        PromptRate = training.PromptRate,
        WeightDecay = training.WeightDecay,
        GradientClip = training.GradientClip,
        AugmentationStrength = training.AugmentationStrength,
        Precision = training.Precision,
        Seed = int64 training.Seed
    )
