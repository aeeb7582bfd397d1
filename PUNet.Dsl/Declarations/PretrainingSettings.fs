namespace PUNet.Dsl

open PUNet.Core.Models

/// Pre-training of a backbone by student and teacher (method.md, section 4).
type PretrainingSettings =
    {
        Network: NetworkConfiguration
        /// Base classes, whose labels supervise; empty without a supervised loss.
        Classes: string list
        /// The supervised loss; none for purely self-supervised pre-training.
        Focal: FocalSettings option
        /// The self-supervised loss; none for purely supervised pre-training.
        Cpa: CpaSettings option
        /// Whether the attention blocks see the active classes' prompts.
        PromptsInBlocks: bool
        Epochs: int
        CropsPerEpoch: int
        /// Crops of a step.
        BatchSize: int
        CropsPerVolume: int
        /// Fewest and most foreground classes active in a sample.
        ActiveClasses: int * int
        /// Share of the crops that are centred on a voxel of an active class; the others lie anywhere.
        ForegroundFraction: float
        /// Learning rate of the body.
        BodyRate: float
        /// Learning rate of prompts and their bias scores.
        PromptRate: float
        WeightDecay: float
        /// τ of the teacher's exponential moving average.
        Momentum: float
        /// Probability of every random augmentation, relative to the paper's; 0: none.
        AugmentationStrength: float
        Seed: int
    }

module PretrainingSettings =
    /// The paper's.
    let defaults =
        { Network = PromptableUNetConfiguration()
          Classes = []
          Focal = None
          Cpa = None
          PromptsInBlocks = true
          Epochs = 400
          CropsPerEpoch = 5000
          BatchSize = 16
          CropsPerVolume = 2
          ActiveClasses = (1, 1)
          ForegroundFraction = 0.0
          BodyRate = 1e-4
          PromptRate = 1e-3
          WeightDecay = 1e-2
          Momentum = 0.99
          AugmentationStrength = 1.0
          Seed = 1 }
