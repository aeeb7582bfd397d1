namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr

/// unet { student_patch (96, 96, 1); … }: differences from the published residual UNet.
[<Sealed>]
type UNetBuilder internal (start: UNetConfiguration) =
    inherit ArchitectureBuilder<UNetConfiguration>("unet", start)

    let names = start

    /// Channels of the five levels.
    [<CustomOperation("channels")>]
    member _.Channels(settings, counts: int list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Channels) (ResizeArray counts)

/// unetr { student_patch (96, 96, 1); … }: differences from the published UNETR.
[<Sealed>]
type UnetrBuilder internal (start: UnetrConfiguration) =
    inherit ArchitectureBuilder<UnetrConfiguration>("unetr", start)

    let names = start

    /// Channels of the decoder's finest level.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.FeatureSize) count

    /// Channels of a token.
    [<CustomOperation("hidden_size")>]
    member _.HiddenSize(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.HiddenSize) count

    /// Channels inside the transformer's feed-forward layers.
    [<CustomOperation("mlp_size")>]
    member _.MlpSize(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.MlpSize) count

    /// Attention heads; divides the hidden size.
    [<CustomOperation("heads")>]
    member _.Heads(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Heads) count

    /// Transformer blocks, a multiple of 4.
    [<CustomOperation("layers")>]
    member _.Layers(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Layers) count

/// swinUnetr { student_patch (96, 96, 1); … }: differences from the published SwinUNETR.
[<Sealed>]
type SwinUnetrBuilder internal (start: SwinUnetrConfiguration) =
    inherit ArchitectureBuilder<SwinUnetrConfiguration>("swinUnetr", start)

    let names = start

    /// Channels of the finest level, doubled from stage to stage.
    [<CustomOperation("feature_size")>]
    member _.FeatureSize(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.FeatureSize) count

    /// Blocks of each of the four stages.
    [<CustomOperation("depths")>]
    member _.Depths(settings, counts: int list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Depths) (ResizeArray counts)

    /// Attention heads of each of the four stages.
    [<CustomOperation("heads")>]
    member _.Heads(settings, counts: int list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Heads) (ResizeArray counts)

    /// Edge of an attention window in positions of the map.
    [<CustomOperation("window")>]
    member _.Window(settings, positions: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Window) positions

/// The networks without prompts that the paper compares with, at their published sizes and the paper's 2D patches.
module Baselines =
    let private declared (configuration: BaselineConfiguration) = NetworkDeclaration.ofConfiguration configuration

    /// Residual UNet, 5.0 million parameters.
    let unet2d = declared (UNetConfiguration())

    /// UNETR, 87 million parameters.
    let unetr2d = declared (UnetrConfiguration())

    /// SwinUNETR, 6.3 million parameters.
    let swinUnetr2d = declared (SwinUnetrConfiguration())

/// Words that begin a network without prompts.
[<AutoOpen>]
module BaselineKeywords =
    /// A residual UNet without prompts: unet { student_patch (96, 96, 1) }
    let unet = UNetBuilder(UNetConfiguration())

    /// UNETR: unetr { hidden_size 192 }
    let unetr = UnetrBuilder(UnetrConfiguration())

    /// SwinUNETR: swinUnetr { feature_size 12 }
    let swinUnetr = SwinUnetrBuilder(SwinUnetrConfiguration())
