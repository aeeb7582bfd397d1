namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Common.Settings
open PUNet.Core.Losses
open PUNet.Core.Training.Options

/// The segmentation loss as a block declares it: differences from the paper's.
type FocalLossDeclaration = internal { Settings: Setting<FocalLossOptions> list; Position: SourcePosition }

/// A named group of settings, which trainings follow: recipe { epochs 6; batch_size 8 }
type Recipe =
    internal
        {
            Settings: Setting<TrainingRecipe> list
            /// Faults of its words.
            Problems: Problem list
        }

/// A block of whose settings some are those of a training.
type IHasRecipe<'Draft> =
    /// Changes the training's.
    abstract ChangeRecipe: (TrainingRecipe -> TrainingRecipe) -> 'Draft -> 'Draft

/// The keywords of every training.
[<AutoOpen>]
module RecipeKeywords =
    let private names = TrainingRecipe.Pretraining

    let private put line property value (block: IHasRecipe<'Draft>) settings =
        settings |> Keyword.put line property value block.ChangeRecipe

    type IHasRecipe<'Draft> with

        /// The settings of a recipe; what the block states itself, before or after, overrides them.
        [<CustomOperation("follow")>]
        member block.Follow(settings: Setting<'Draft> list, recipe: Recipe, ?no: More, [<CallerLineNumber>] ?line: int) =
            let followed = Setting.lift block.ChangeRecipe recipe.Settings |> List.map (fun setting -> { setting with Rank = Followed })
            followed @ settings @ [ { Setting.own "follow" line id with Found = recipe.Problems } ]

        /// focal_loss { … } stands among the keywords.
        member block.Yield(loss: FocalLossDeclaration) : Setting<'Draft> list =
            let within (change: FocalLossOptions -> FocalLossOptions) (recipe: TrainingRecipe) =
                CoreRecord.set (nameof recipe.FocalLoss) (change recipe.FocalLoss) recipe

            loss.Settings |> Keyword.inner "focal_loss" loss.Position (within >> block.ChangeRecipe)

        /// Epochs.
        [<CustomOperation("epochs")>]
        member block.Epochs(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.Epochs) count block

        /// Crops of an epoch, drawn with replacement.
        [<CustomOperation("crops_per_epoch")>]
        member block.CropsPerEpoch(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.CropsPerEpoch) count block

        /// Crops of a step.
        [<CustomOperation("batch_size")>]
        member block.BatchSize(settings, crops: int, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.BatchSize) crops block

        /// Crops taken from one volume in a batch.
        [<CustomOperation("crops_per_volume")>]
        member block.CropsPerVolume(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.CropsPerVolume) count block

        /// Share of the crops that are centred on a voxel of an active class.
        [<CustomOperation("foreground_fraction")>]
        member block.ForegroundFraction(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.ForegroundFraction) share block

        /// How the voxel is drawn that such a crop is centred on: ForegroundSampling.Voxels, or Slices.
        [<CustomOperation("foreground_sampling")>]
        member block.ForegroundSampling(settings, choice: ForegroundSampling, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.ForegroundSampling) choice block

        /// Learning rate of body, bottlenecks, low-rank updates and output layer; the highest one of a schedule.
        [<CustomOperation("body_rate")>]
        member block.BodyRate(settings, rate: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.BodyRate) rate block

        /// Learning rate of prompts and their bias scores; the highest one of a schedule.
        [<CustomOperation("prompt_rate")>]
        member block.PromptRate(settings, rate: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.PromptRate) rate block

        /// Learning rate of all that is trained.
        [<CustomOperation("rate")>]
        member block.Rate(settings, rate: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            let part property = SettingName.Of property, block.ChangeRecipe(CoreRecord.set property rate)
            settings @ [ Setting.ofParts "rate" line [ part (nameof names.BodyRate); part (nameof names.PromptRate) ] ]

        /// How the rates run: RateSchedule.Constant, OneCycleByEpoch, or OneCycleByStep.
        [<CustomOperation("schedule")>]
        member block.Schedule(settings, choice: RateSchedule, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.Schedule) choice block

        /// Weight of the Dice loss beside the focal loss; 0: none.
        [<CustomOperation("dice_weight")>]
        member block.DiceWeight(settings, weight: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.DiceWeight) weight block

        /// Weight decay.
        [<CustomOperation("weight_decay")>]
        member block.WeightDecay(settings, decay: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.WeightDecay) decay block

        /// Gradient values are clipped to ± this.
        [<CustomOperation("gradient_clip")>]
        member block.GradientClip(settings, limit: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.GradientClip) limit block

        /// Probability of every random augmentation, relative to the paper's; 0: none.
        [<CustomOperation("augmentation_strength")>]
        member block.AugmentationStrength(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.AugmentationStrength) factor block

        /// Probability of every random change of intensities, relative to what augmentation_strength makes of it.
        [<CustomOperation("intensity_augmentation")>]
        member block.IntensityAugmentation(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.IntensityAugmentation) factor block

        /// In which numbers the network multiplies: ComputePrecision.Single, Bfloat16, or Float16 (GPU only).
        [<CustomOperation("precision")>]
        member block.Precision(settings, precision: ComputePrecision, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.Precision) precision block

        /// Seed of everything random in the stage.
        [<CustomOperation("seed")>]
        member block.Seed(settings, seed: int, ?no: More, [<CallerLineNumber>] ?line: int) =
            settings |> put line (nameof names.Seed) (int64 seed) block

/// recipe { epochs 6; crops_per_epoch 320; focal_loss { … } }
[<Sealed>]
type RecipeBuilder() =
    inherit SettingsBuilder<TrainingRecipe>()

    interface IHasRecipe<TrainingRecipe> with
        member _.ChangeRecipe change recipe = change recipe

    member _.Run(settings: Setting<TrainingRecipe> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) : Recipe =
        let block = Blocks.finish "recipe" file line TrainingRecipe.Pretraining settings
        let isHere (setting: Setting<TrainingRecipe>) = setting.Keyword <> "follow"

        { Settings = Setting.inOrder block.Settings |> List.filter isHere
          Problems = Blocks.wordFaults block }
