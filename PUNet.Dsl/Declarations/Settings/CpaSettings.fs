namespace PUNet.Dsl

open PUNet.Core.Losses

/// Contrastive prototype assignment, the self-supervised loss (method.md, section 3).
type CpaSettings =
    {
        /// Weight of the loss beside the segmentation loss.
        Weight: float
        Constants: ContrastivePrototypeAssignmentOptions
    }

module CpaSettings =
    let defaults = { Weight = 0.01; Constants = ContrastivePrototypeAssignmentOptions() }
