namespace PUNet.Dsl

/// Where the part of the focal loss's α comes from that differs between classes.
[<RequireQualifiedAccess>]
type ClassWeights =
    /// From the foreground/background ratios of the dataset, times a factor; 0: none.
    | FromRatios of factor: float
    /// Given for every class of the dataset, in its order.
    | Given of additions: float list

/// The focal segmentation loss (method.md, section 3).
type FocalSettings =
    {
        /// γ, the focusing exponent.
        Gamma: float
        /// α of background.
        BackgroundAlpha: float
        /// α of a foreground class before its own part is added.
        ForegroundAlpha: float
        ClassWeights: ClassWeights
    }

module FocalSettings =
    let defaults =
        { Gamma = 4.0
          BackgroundAlpha = 1.0
          ForegroundAlpha = 1.0
          ClassWeights = ClassWeights.FromRatios 0.01 }
