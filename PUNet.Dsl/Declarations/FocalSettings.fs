namespace PUNet.Dsl

/// The focal segmentation loss (method.md, section 3).
type FocalSettings =
    { /// γ, the focusing exponent.
      Gamma: float
      /// α of background.
      Background: float
      /// α of every foreground class, before its additive part.
      Foreground: float
      /// Factor of the additive part, which comes from the foreground/background ratios of the dataset.
      RatioFactor: float }

module FocalSettings =
    let defaults =
        { Gamma = 4.0
          Background = 1.0
          Foreground = 1.0
          RatioFactor = 0.01 }
