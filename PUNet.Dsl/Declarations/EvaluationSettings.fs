namespace PUNet.Dsl

open PUNet.Core.Common

/// How overlapping windows are weighted.
[<RequireQualifiedAccess>]
type Blending =
    | Constant
    | Gaussian

/// Evaluation of a model on a part of the dataset by sliding windows (method.md, section 4).
type EvaluationSettings =
    { Part: Part
      /// Classes to be scored, by name.
      Classes: string list
      /// Share of a window that the next one covers again.
      Overlap: float
      Blending: Blending }

module EvaluationSettings =
    let defaults classes =
        { Part = Part.Test
          Classes = classes
          Overlap = 0.5
          Blending = Blending.Constant }
