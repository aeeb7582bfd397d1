namespace PUNet.Dsl

open PUNet.Core.Common

/// What every training has: its length, its batches, its rates.
type TrainingSettings =
    {
        Epochs: int
        /// Crops of an epoch, drawn with replacement.
        CropsPerEpoch: int
        /// Crops of a step.
        BatchSize: int
        CropsPerVolume: int
        /// Share of the crops that are centred on a voxel of an active class; the others lie anywhere.
        ForegroundFraction: float
        /// Learning rate of body, bottlenecks and output layer; the highest one of a schedule.
        BodyRate: float
        /// Learning rate of prompts and their bias scores; the highest one of a schedule.
        PromptRate: float
        WeightDecay: float
        /// Gradient values are clipped to ± this.
        GradientClip: float
        /// Probability of every random augmentation, relative to the paper's; 0: none.
        AugmentationStrength: float
        /// In which numbers the network multiplies.
        Precision: ComputePrecision
        Seed: int
    }

module TrainingSettings =
    /// The paper's pre-training.
    let pretraining =
        { Epochs = 400
          CropsPerEpoch = 5000
          BatchSize = 16
          CropsPerVolume = 2
          ForegroundFraction = 0.0
          BodyRate = 1e-4
          PromptRate = 1e-3
          WeightDecay = 1e-2
          GradientClip = 1.0
          AugmentationStrength = 1.0
          Precision = ComputePrecision.Single
          Seed = 1 }

    /// The paper's adaptation to new classes.
    let adaptation = { pretraining with Epochs = 100; BodyRate = 5e-4; PromptRate = 5e-4; WeightDecay = 0.0 }
