namespace PUNet.Dsl

open PUNet.Core.Models
open PUNet.Core.Models.Adaptation

/// What the new class's tokens start from.
[<RequireQualifiedAccess>]
type TokenInitialisation =
    | Random
    | MeanOfBase

/// Adaptation of a backbone to new classes.
type AdaptationSettings =
    {
        Variant: AdaptationVariant
        /// The new classes, by name.
        Targets: string list
        Initialisation: TokenInitialisation
        /// Whether the frozen part keeps its BatchNorm statistics.
        FreezeStatistics: bool
        /// Only the first n training subjects of the split's order; all where not given.
        Subjects: int option
        Focal: FocalSettings
        /// Classes that the backbone knows and that are active beside the new ones: their prompts stay as they are, and
        /// their voxels count as background.
        FrozenClasses: string list
        /// Fewest and most new classes active in a sample; all of them where not given.
        ActiveClasses: (int * int) option
        Training: TrainingSettings
    }

module AdaptationSettings =
    /// The paper's, for a variant.
    let defaults variant =
        { Variant = variant
          Targets = []
          Initialisation = TokenInitialisation.Random
          FreezeStatistics = true
          Subjects = None
          Focal = FocalSettings.defaults
          FrozenClasses = []
          ActiveClasses = None
          Training = TrainingSettings.adaptation }

    /// The keyword that declares a stage of the variant.
    let keyword (variant: AdaptationVariant) = variant.Keyword()
