/// Which numbers every setting takes, and why: one line per setting.
module internal PUNet.Dsl.Numbers

open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Phantoms
open PUNet.Core.Data.Preparation
open PUNet.Core.Losses
open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr
open PUNet.Core.Models.Promptable

/// The largest number that 32-bit arithmetic still sums and squares without overflow.
let private large = 1e6

let private isReal = "the network computes in 32-bit numbers"

let private axes (extent: Extent) = extent.ToArray() |> Seq.ofArray

let private optional (value: float option) = Option.toList value

/// What every training has.
let training: Limit<TrainingSettings> list =
    let counter = "more steps than a training of years has"

    [ Limit.whole "epochs" _.Epochs (1, 1_000_000) counter
      Limit.whole "crops_per_epoch" _.CropsPerEpoch (1, 100_000_000) counter
      Limit.whole "batch_size" _.BatchSize (1, 65_536) "all crops of a step are in memory at once"
      Limit.whole "crops_per_volume" _.CropsPerVolume (1, 65_536) "all crops of a step are in memory at once"
      Limit.share "foreground_fraction" _.ForegroundFraction
      Limit.real "body_rate" _.BodyRate (0.0, 10.0) "a step changes every weight by about the rate"
      Limit.real "prompt_rate" _.PromptRate (0.0, 10.0) "a step changes every weight by about the rate"
      Limit.real "weight_decay" _.WeightDecay (0.0, 1000.0) isReal
      Limit.above "gradient_clip" _.GradientClip (0.0, large) isReal
      Limit.real
          "augmentation_strength"
          _.AugmentationStrength
          (0.0, 1.25)
          "the most frequent augmentation has probability 0.8, which is multiplied by it and cannot exceed 1" ]

let pretraining: Limit<PretrainingSettings> list = [ Limit.share "momentum" _.Momentum ]

let adaptation: Limit<AdaptationSettings> list =
    [ Limit.wholes "subjects" (_.Subjects >> Option.toList >> Seq.ofList) (1, 1_000_000) "no dataset has so many subjects" ]

let focal: Limit<FocalSettings> list =
    let given (settings: FocalSettings) =
        match settings.ClassWeights with
        | ClassWeights.Given additions -> additions
        | ClassWeights.FromRatios _ -> []

    let factor (settings: FocalSettings) =
        match settings.ClassWeights with
        | ClassWeights.FromRatios factor -> [ factor ]
        | ClassWeights.Given _ -> []

    [ Limit.real "gamma" _.Gamma (0.0, 100.0) "with more, no voxel counts that is not wholly wrong"
      Limit.real "background_alpha" _.BackgroundAlpha (0.0, large) isReal
      Limit.real "foreground_alpha" _.ForegroundAlpha (0.0, large) isReal
      Limit.reals "ratio_factor" factor (0.0, large) isReal
      Limit.reals "class_weights" given (0.0, large) isReal ]

let cpa: Limit<CpaSettings> list =
    let constant (number: ContrastivePrototypeAssignmentOptions -> float) (settings: CpaSettings) = number settings.Constants

    let width (number: ContrastivePrototypeAssignmentOptions -> System.Nullable<float>) (settings: CpaSettings) =
        number settings.Constants |> Option.ofNullable |> optional

    let reduced = "a map has fewer positions"

    [ Limit.real "weight" _.Weight (0.0, large) isReal
      Limit.real "reduction" (constant _.Reduction) (1.0, 64.0) reduced
      Limit.real "prototype_reduction" (constant _.PrototypeReduction) (1.0, 1024.0) reduced
      Limit.whole "iterations" _.Constants.Iterations (0, 1000) "the assignment settles long before"
      Limit.reals "prototype_width" (width _.PrototypeWidth) (1e-3, large) isReal
      Limit.reals "teacher_width" (width _.TeacherWidth) (1e-3, large) isReal
      Limit.real "teacher_temperature" (constant _.TeacherTemperature) (1e-4, large) isReal
      Limit.real "student_temperature" (constant _.StudentTemperature) (1e-4, large) isReal
      Limit.real "maximal_distance" (constant _.MaximalDistance) (1e-3, large) isReal
      Limit.real "depth_scale" (constant _.DepthScale) (1e-3, large) isReal ]

let phantoms: Limit<PhantomOptions> list =
    [ Limit.whole "subjects" _.Subjects (1, 10_000) "each takes about half a megabyte"
      Limit.whole "in_plane" _.InPlane (16, 1024) "scanners give at most 1024 voxels"
      Limit.real "noise" _.Noise (0.0, 10_000.0) "it is in HU" ]

let preparation: Limit<PreparationSettings> list =
    let spacing (settings: PreparationSettings) =
        match settings.Spacing with
        | Some(h, w, d) -> [ h; w; d ]
        | None -> []

    let window (settings: PreparationSettings) =
        match settings.Intensity with
        | IntensityRule.Window(low, high) -> [ low; high ]
        | IntensityRule.PerVolume -> []

    let channel (settings: PreparationSettings) =
        match settings.Layout with
        | ScanLayout.NnUNet channel -> Seq.singleton channel
        | _ -> Seq.empty

    [ Limit.reals "spacing" spacing (0.01, 100.0) "it is in mm per voxel"
      Limit.wholes
          "in_plane_extent"
          (_.InPlaneExtent >> Option.toList >> Seq.ofList)
          (1, 4096)
          "a volume of larger slices does not fit into memory"
      Limit.reals "body_crop" (_.BodyCrop >> optional) (0.0, 10_000.0) "it is in mm"
      Limit.reals "intensity_window" window (-1e7, 1e7) "32-bit numbers tell the ends of a window of larger ones no longer apart"
      Limit.wholes "source" channel (0, 9999) "files name channels 0000 to 9999" ]

let split: Limit<SplitRule> list =
    let shares pick (rule: SplitRule) =
        match rule with
        | SplitRule.Shares(train, validation, test, _) -> [ pick (train, validation, test) ]
        | SplitRule.Fold _
        | SplitRule.Given -> []

    let folds (rule: SplitRule) =
        match rule with
        | SplitRule.Fold(folds, _, _) -> [ folds ]
        | SplitRule.Shares _
        | SplitRule.Given -> []

    let seed (rule: SplitRule) =
        match rule with
        | SplitRule.Fold(_, _, seed)
        | SplitRule.Shares(_, _, _, seed) -> [ seed ]
        | SplitRule.Given -> []

    let ofFolds = "one fold tests, one validates and the others train"

    [ { Limit.share "train" (fun _ -> 0.0) with Numbers = shares (fun (train, _, _) -> train) }
      { Limit.share "validation" (fun _ -> 0.0) with
          Numbers = shares (fun (_, validation, _) -> validation) }
      { Limit.share "test" (fun _ -> 0.0) with Numbers = shares (fun (_, _, test) -> test) }
      { Limit.wholes "folds" (folds >> Seq.ofList) (3, 10_000) "no dataset has so many patients" with
          WhyLowest = ofFolds }
      Limit.wholes "seed" (seed >> Seq.ofList) (0, System.Int32.MaxValue) "" ]

let evaluation: Limit<EvaluationSettings> list =
    [ Limit.real "overlap" _.Overlap (0.0, 0.95) "the next window begins at least a twentieth of a window further" ]

let private extent (extent: Extent) = float extent.H * float extent.W * float extent.D

let private tooLarge = "larger layers do not fit into memory"

/// Most parameters of a network: 40 GB.
let private parameters = 1e10

/// Sizes of patches, which all architectures have.
let network: Limit<NetworkConfiguration> list =
    let why = "larger patches do not fit into memory"

    [ for keyword, patch in
          [ "student_patch", (fun (network: NetworkConfiguration) -> network.StudentPatch)
            "second_student_patch", _.SecondStudentPatch
            "teacher_patch", _.TeacherPatch ] do
          Limit.wholes keyword (patch >> axes) (1, 4096) why
          Limit.product [ keyword ] "voxels" (patch >> extent) 134_217_728.0 why ]

let promptable: Limit<PromptableUNetConfiguration> list =
    let attention = "attention takes memory by the square of the window's positions"

    let prompts (network: PromptableUNetConfiguration) =
        float network.PoolSize * float network.TokensPerClass * float (Seq.fold max 0 network.Channels)

    [ Limit.wholes "channels" _.Channels (1, 4096) tooLarge
      Limit.whole "heads" _.Heads (1, 4096) tooLarge
      Limit.wholes "window" (_.Window >> axes) (1, 64) attention
      Limit.product [ "window" ] "positions" (_.Window >> extent) 4096.0 attention
      Limit.whole "tokens_per_class" _.TokensPerClass (1, 4096) "attention takes memory by the tokens of all active classes"
      Limit.whole "pool_size" _.PoolSize (2, 255) "prepared label maps have labels up to 254"
      Limit.product
          [ "tokens_per_class"; "pool_size"; "channels" ]
          "numbers in a pool"
          prompts
          268_435_456.0
          "larger pools do not fit into memory" ]

let unet: Limit<UNetConfiguration> list = [ Limit.wholes "channels" _.Channels (1, 4096) tooLarge ]

let unetr: Limit<UnetrConfiguration> list =
    let size (network: UnetrConfiguration) =
        float network.Layers * float network.HiddenSize * (4.0 * float network.HiddenSize + 2.0 * float network.MlpSize)

    [ Limit.whole "feature_size" _.FeatureSize (1, 1024) tooLarge
      Limit.whole "hidden_size" _.HiddenSize (1, 16_384) tooLarge
      Limit.whole "mlp_size" _.MlpSize (1, 65_536) tooLarge
      Limit.whole "heads" _.Heads (1, 16_384) tooLarge
      Limit.whole "layers" _.Layers (1, 1024) tooLarge
      Limit.product [ "layers"; "hidden_size"; "mlp_size" ] "parameters" size parameters tooLarge ]

let swinUnetr: Limit<SwinUnetrConfiguration> list =
    let size (network: SwinUnetrConfiguration) =
        network.Depths
        |> Seq.mapi (fun stage depth -> float depth * 12.0 * (float network.FeatureSize * 2.0 ** float stage) ** 2.0)
        |> Seq.sum

    [ Limit.whole "feature_size" _.FeatureSize (1, 1024) tooLarge
      Limit.wholes "depths" _.Depths (1, 1024) tooLarge
      Limit.wholes "heads" _.Heads (1, 16_384) tooLarge
      Limit.whole "window" _.Window (2, 64) "attention takes memory by the square of the window's positions"
      Limit.product [ "depths"; "feature_size" ] "parameters" size parameters tooLarge ]
