namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr

/// unet { student_patch (96, 96, 1); … }: differences from the published residual UNet.
[<Sealed>]
type UNetBuilder internal (start: UNetConfiguration) =
    inherit ArchitectureBuilder<UNetConfiguration>("unet", start)

    /// Channels of the five levels.
    [<CustomOperation("channels")>]
    member _.Channels
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "channels" line (nameof start.Channels) (ResizeArray counts)

/// unetr { student_patch (96, 96, 1); … }: differences from the published UNETR.
[<Sealed>]
type UnetrBuilder internal (start: UnetrConfiguration) =
    inherit ArchitectureBuilder<UnetrConfiguration>("unetr", start)

    /// Channels of the decoder's finest level.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "feature_size" line (nameof start.FeatureSize) count

    /// Channels of a token.
    [<CustomOperation("hidden_size")>]
    member _.HiddenSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "hidden_size" line (nameof start.HiddenSize) count

    /// Channels inside the transformer's feed-forward layers.
    [<CustomOperation("mlp_size")>]
    member _.MlpSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "mlp_size" line (nameof start.MlpSize) count

    /// Attention heads; divides the hidden size.
    [<CustomOperation("heads")>]
    member _.Heads
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "heads" line (nameof start.Heads) count

    /// Transformer blocks, a multiple of 4.
    [<CustomOperation("layers")>]
    member _.Layers
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "layers" line (nameof start.Layers) count

/// swinUnetr { student_patch (96, 96, 1); … }: differences from the published SwinUNETR.
[<Sealed>]
type SwinUnetrBuilder internal (start: SwinUnetrConfiguration) =
    inherit ArchitectureBuilder<SwinUnetrConfiguration>("swinUnetr", start)

    /// Channels of the finest level, doubled from stage to stage.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "feature_size" line (nameof start.FeatureSize) count

    /// Blocks of each of the four stages.
    [<CustomOperation("depths")>]
    member _.Depths
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "depths" line (nameof start.Depths) (ResizeArray counts)

    /// Attention heads of each of the four stages.
    [<CustomOperation("heads")>]
    member _.Heads
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "heads" line (nameof start.Heads) (ResizeArray counts)

    /// Edge of an attention window in positions of the map.
    [<CustomOperation("window")>]
    member _.Window
        (
            settings,
            positions: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "window" line (nameof start.Window) positions
