namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Dsl.Rules

module internal Baseline =
    let set file keyword line property (value: objnull) (settings: Setting<'Configuration> list) =
        settings |> Keyword.setIn file keyword line (CoreRecord.set property value)

/// What the baselines' blocks have in common: the patches, and the checks.
[<AbstractClass>]
type BaselineBuilder<'Configuration when 'Configuration :> BaselineConfiguration and 'Configuration: not null>
    internal (start: 'Configuration) =
    inherit SettingsBuilder<'Configuration>()

    let extent (h, w, d) = Extent(h, w, d)

    let patches = start :> BaselineConfiguration

    /// First student's patch in voxels; also the window of evaluation.
    [<CustomOperation("student_patch")>]
    member _.StudentPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "student_patch" line (nameof patches.StudentPatch) (extent voxels)

    /// Second student's patch in voxels.
    [<CustomOperation("second_student_patch")>]
    member _.SecondStudentPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "second_student_patch" line (nameof patches.SecondStudentPatch) (extent voxels)

    /// Teacher's patch in voxels: the crop that all views are cut from.
    [<CustomOperation("teacher_patch")>]
    member _.TeacherPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "teacher_patch" line (nameof patches.TeacherPatch) (extent voxels)

    member _.Run(settings: Setting<'Configuration> list) : NetworkDeclaration =
        let configuration = (Setting.apply start settings :> BaselineConfiguration) :> NetworkConfiguration
        let positions = Setting.positions "" settings
        let where = where positions (Keyword.head settings)

        { Configuration = configuration
          Problems = Setting.repeated "" settings @ NetworkChecks.problems where positions configuration }

/// unet { student_patch (96, 96, 1); … }: differences from the published residual UNet.
[<Sealed>]
type UNetBuilder internal (start: UNetConfiguration) =
    inherit BaselineBuilder<UNetConfiguration>(start)

    /// Channels of the five levels.
    [<CustomOperation("channels")>]
    member _.Channels
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "channels" line (nameof start.Channels) (ResizeArray counts)

/// unetr { student_patch (96, 96, 1); … }: differences from the published UNETR.
[<Sealed>]
type UnetrBuilder internal (start: UnetrConfiguration) =
    inherit BaselineBuilder<UnetrConfiguration>(start)

    /// Channels of the decoder's finest level.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "feature_size" line (nameof start.FeatureSize) count

    /// Channels of a token.
    [<CustomOperation("hidden_size")>]
    member _.HiddenSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "hidden_size" line (nameof start.HiddenSize) count

    /// Channels inside the transformer's feed-forward layers.
    [<CustomOperation("mlp_size")>]
    member _.MlpSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "mlp_size" line (nameof start.MlpSize) count

    /// Attention heads; divides the hidden size.
    [<CustomOperation("heads")>]
    member _.Heads
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "heads" line (nameof start.Heads) count

    /// Transformer blocks, a multiple of 4.
    [<CustomOperation("layers")>]
    member _.Layers
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "layers" line (nameof start.Layers) count

/// swinUnetr { student_patch (96, 96, 1); … }: differences from the published SwinUNETR.
[<Sealed>]
type SwinUnetrBuilder internal (start: SwinUnetrConfiguration) =
    inherit BaselineBuilder<SwinUnetrConfiguration>(start)

    /// Channels of the finest level, doubled from stage to stage.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "feature_size" line (nameof start.FeatureSize) count

    /// Blocks of each of the four stages.
    [<CustomOperation("depths")>]
    member _.Depths
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "depths" line (nameof start.Depths) (ResizeArray counts)

    /// Attention heads of each of the four stages.
    [<CustomOperation("heads")>]
    member _.Heads
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "heads" line (nameof start.Heads) (ResizeArray counts)

    /// Edge of an attention window in positions of the map.
    [<CustomOperation("window")>]
    member _.Window
        (
            settings,
            positions: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Baseline.set file "window" line (nameof start.Window) positions
