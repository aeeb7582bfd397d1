namespace PUNet.Dsl

open PUNet.Core.Models

/// What the new class's tokens start from.
[<RequireQualifiedAccess>]
type TokenInitialisation =
    | Random
    | MeanOfBase

/// Adaptation of a backbone to new classes.
type AdaptationSettings =
    {
        Variant: AdaptationVariant
        /// The new classes, by name.
        Targets: string list
        Initialisation: TokenInitialisation
        /// Whether the frozen part keeps its BatchNorm statistics.
        FreezeStatistics: bool
        /// Only the first n training subjects of the split's order; all where not given.
        Subjects: int option
        Focal: FocalSettings
        Epochs: int
        CropsPerEpoch: int
        /// Crops of a step.
        BatchSize: int
        CropsPerVolume: int
        /// Share of the crops that are centred on a voxel of a target class; the others lie anywhere.
        ForegroundFraction: float
        /// Peak learning rate of body, adapters and output layer.
        BodyRate: float
        /// Peak learning rate of prompts and their bias scores.
        PromptRate: float
        WeightDecay: float
        /// Probability of every random augmentation, relative to the paper's; 0: none.
        AugmentationStrength: float
        Seed: int
    }

module AdaptationSettings =
    /// The paper's, for a variant.
    let defaults variant =
        { Variant = variant
          Targets = []
          Initialisation = TokenInitialisation.Random
          FreezeStatistics = true
          Subjects = None
          Focal = FocalSettings.defaults
          Epochs = 100
          CropsPerEpoch = 5000
          BatchSize = 16
          CropsPerVolume = 2
          ForegroundFraction = 0.0
          BodyRate = 5e-4
          PromptRate = 5e-4
          WeightDecay = 0.0
          AugmentationStrength = 1.0
          Seed = 1 }

    /// The keyword that declares a stage of the variant.
    let keyword (variant: AdaptationVariant) =
        match variant with
        | AdaptationVariant.Prompting -> "promptTune"
        | AdaptationVariant.Full -> "fineTune"
        | AdaptationVariant.Fixed -> "tuneOutput"
        | AdaptationVariant.Decoder -> "tuneDecoder"
        | AdaptationVariant.Bias -> "tuneBiases"
        | AdaptationVariant.Adapter -> "tuneAdapters"
        | AdaptationVariant.BiasPrompting -> "tuneBiasesAndPrompts"
        | other -> string other
