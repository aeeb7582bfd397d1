namespace PUNet.Dsl

/// How subjects are divided into training, validation and test.
[<RequireQualifiedAccess>]
type SplitRule =
    /// By the data's own folders train, validation and test.
    | Given
    /// By shares of the subjects, shuffled by the seed (method.md, section 5).
    | Shares of train: float * validation: float * test: float * seed: int
    /// One fold (from 0) of a cross-validation: it tests, the next one validates, the others train.
    | Fold of folds: int * fold: int * seed: int

module SplitRule =
    /// 70/10/20 with seed 1, as in the paper.
    let paper = SplitRule.Shares(0.7, 0.1, 0.2, 1)
