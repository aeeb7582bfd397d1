namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Core.Blocks.Prompts
open PUNet.Core.Blocks.Windows
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Promptable

/// network { channels [ … ]; heads 4; … }: differences from the paper's 2D network.
[<Sealed>]
type NetworkBuilder internal (start: PromptableUNetConfiguration) =
    inherit ArchitectureBuilder<PromptableUNetConfiguration>("network", start)

    let extent (h, w, d) = Extent(h, w, d)

    /// One of the points in which paper and published implementation differ (method.md, section 1).
    let setPoint file keyword line property (value: objnull) settings =
        settings
        |> Keyword.setIn file keyword line (fun (network: PromptableUNetConfiguration) ->
            CoreRecord.set (nameof network.Semantics) (CoreRecord.set property value network.Semantics) network)

    /// C_0 … C_4: channels of the five encoder levels.
    [<CustomOperation("channels")>]
    member _.Channels
        (
            settings,
            counts: int list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "channels" line (nameof start.Channels) (ResizeArray counts)

    /// Attention heads; divides every C_l.
    [<CustomOperation("heads")>]
    member _.Heads
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "heads" line (nameof start.Heads) count

    /// Attention window in positions of the feature map.
    [<CustomOperation("window")>]
    member _.Window
        (
            settings,
            positions: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "window" line (nameof start.Window) (extent positions)

    /// T: prompt tokens of a class in each pool.
    [<CustomOperation("tokens_per_class")>]
    member _.TokensPerClass
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "tokens_per_class" line (nameof start.TokensPerClass) count

    /// K: class slots of every prompt pool, background included.
    [<CustomOperation("pool_size")>]
    member _.PoolSize
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "pool_size" line (nameof start.PoolSize) count

    /// Paper or published implementation: AttentionSemantics.Paper or AttentionSemantics.Reference. A point that is
    /// stated beside it, wherever, differs from it.
    [<CustomOperation("semantics")>]
    member _.Semantics
        (
            settings,
            semantics: AttentionSemantics,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Keyword.setFirst file "semantics" line (CoreRecord.set (nameof start.Semantics) semantics)

    /// What keys and values are projected from.
    [<CustomOperation("key_value_input")>]
    member _.KeyValueInput
        (
            settings,
            choice: KeyValueInput,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "key_value_input" line (nameof AttentionSemantics.Paper.KeyValueInput) choice

    /// How positions form windows.
    [<CustomOperation("window_layout")>]
    member _.WindowLayout
        (
            settings,
            choice: WindowLayout,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "window_layout" line (nameof AttentionSemantics.Paper.WindowLayout) choice

    /// How pairs of different regions are masked.
    [<CustomOperation("shift_mask")>]
    member _.ShiftMask
        (
            settings,
            choice: ShiftMask,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "shift_mask" line (nameof AttentionSemantics.Paper.ShiftMask) choice

    /// The region of padding.
    [<CustomOperation("padding_region")>]
    member _.PaddingRegion
        (
            settings,
            choice: PaddingRegion,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "padding_region" line (nameof AttentionSemantics.Paper.PaddingRegion) choice

    /// How much is padded to whole windows, and where.
    [<CustomOperation("window_padding")>]
    member _.WindowPadding
        (
            settings,
            choice: WindowPadding,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "window_padding" line (nameof AttentionSemantics.Paper.WindowPadding) choice

    /// The similarity of the last aggregation.
    [<CustomOperation("similarity_scale")>]
    member _.SimilarityScale
        (
            settings,
            choice: SimilarityScale,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> setPoint file "similarity_scale" line (nameof AttentionSemantics.Paper.SimilarityScale) choice

    /// Which query-independent bias scores the attention has.
    [<CustomOperation("bias_scores")>]
    member _.BiasScores
        (
            settings,
            scores: BiasScores,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "bias_scores" line (nameof start.BiasScores) scores

    /// Where prompts enter the network.
    [<CustomOperation("placement")>]
    member _.Placement
        (
            settings,
            placement: PromptPlacement,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "placement" line (nameof start.Placement) placement

    /// How similarities to the tokens of a class become one map.
    [<CustomOperation("aggregation")>]
    member _.Aggregation
        (
            settings,
            aggregation: SimilarityAggregation,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "aggregation" line (nameof start.Aggregation) aggregation

    /// One bias embedding per token, or one row per class.
    [<CustomOperation("unique_token_bias")>]
    member _.UniqueTokenBias
        (
            settings,
            unique: bool,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "unique_token_bias" line (nameof start.UniqueTokenBias) unique

    /// One bias table per class, or one for all classes.
    [<CustomOperation("unique_prompt_bias")>]
    member _.UniquePromptBias
        (
            settings,
            unique: bool,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "unique_prompt_bias" line (nameof start.UniquePromptBias) unique
