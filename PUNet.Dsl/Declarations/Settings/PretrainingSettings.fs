namespace PUNet.Dsl

open PUNet.Core.Models
open PUNet.Core.Models.Promptable

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
        /// Fewest and most foreground classes active in a sample.
        ActiveClasses: int * int
        /// τ of the teacher's exponential moving average.
        Momentum: float
        Training: TrainingSettings
    }

module PretrainingSettings =
    /// The paper's.
    let defaults =
        { Network = PromptableUNetConfiguration()
          Classes = []
          Focal = None
          Cpa = None
          PromptsInBlocks = true
          ActiveClasses = (1, 1)
          Momentum = 0.99
          Training = TrainingSettings.pretraining }
