namespace PUNet.Dsl

open PUNet.Core.Common

/// Evaluation of a model on a part of the dataset by sliding windows (method.md, section 4).
type EvaluationSettings =
    {
        Part: Part
        /// Classes to be scored, by name.
        Classes: string list
        /// Share of a window that the next one covers again.
        Overlap: float
        /// All classes of a model in one pass, instead of one pass per class.
        OnePass: bool
    }

module EvaluationSettings =
    /// The test part, half overlapping windows.
    let defaults classes = { Part = Part.Test; Classes = classes; Overlap = 0.5; OnePass = false }
