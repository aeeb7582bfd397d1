namespace PUNet.Dsl

/// The focal segmentation loss (method.md, section 3).
type FocalSettings =
    {
        /// γ, the focusing exponent.
        Gamma: float
        /// Factor of the class weights that come from the foreground/background ratios of the dataset; 0: none.
        RatioFactor: float
    }

module FocalSettings =
    let defaults = { Gamma = 4.0; RatioFactor = 0.01 }
