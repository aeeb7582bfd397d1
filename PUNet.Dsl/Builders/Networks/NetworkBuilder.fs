namespace PUNet.Dsl

open System.Runtime.CompilerServices
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

    let names = start
    let points = AttentionSemantics.Paper

    /// One of the points in which paper and published implementation differ (method.md, section 1).
    let point line property (value: objnull) settings =
        let within change (network: PromptableUNetConfiguration) =
            CoreRecord.set (nameof names.Semantics) (change network.Semantics) network

        settings |> Keyword.put line property value within

    /// Another prompt-able UNet instead of the paper's, from which the other keywords then differ, wherever they stand.
    [<CustomOperation("like")>]
    member _.Like(settings, network: NetworkDeclaration, ?no: More, [<CallerLineNumber>] ?line: int) =
        let given (former: PromptableUNetConfiguration) =
            match network.Configuration with
            | :? PromptableUNetConfiguration as own -> own
            | _ -> former

        let problems =
            [ yield! network.Problems
              if not (network.Configuration :? PromptableUNetConfiguration) then
                  Problem.at
                      (SourcePosition.atLine "" (Option.defaultValue 0 line))
                      "like takes a prompt-able UNet"
                      "the keywords of network { } are those of its sizes"
                      ""
                      "take PUNet.small2d, PUNet.paper2d, or a network { … }" ]

        settings |> Keyword.set "like" line given |> Keyword.asBase |> Keyword.withFound problems

    /// C_0 … C_4: channels of the five encoder levels.
    [<CustomOperation("channels")>]
    member _.Channels(settings, counts: int list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Channels) (ResizeArray counts)

    /// Attention heads; divides every C_l.
    [<CustomOperation("heads")>]
    member _.Heads(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Heads) count

    /// Attention window in positions of the feature map.
    [<CustomOperation("window")>]
    member _.Window(settings, positions: int * int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        let h, w, d = positions
        settings |> Keyword.putOwn line (nameof names.Window) (Extent(h, w, d))

    /// T: prompt tokens of a class in each pool.
    [<CustomOperation("tokens_per_class")>]
    member _.TokensPerClass(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.TokensPerClass) count

    /// K: class slots of every prompt pool, background included.
    [<CustomOperation("pool_size")>]
    member _.PoolSize(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.PoolSize) count

    /// Paper or published implementation: AttentionSemantics.Paper or AttentionSemantics.Reference. A point that is
    /// stated beside it, wherever, differs from it.
    [<CustomOperation("semantics")>]
    member _.Semantics(settings, semantics: AttentionSemantics, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Semantics) semantics |> Keyword.asBase

    /// What keys and values are projected from.
    [<CustomOperation("key_value_input")>]
    member _.KeyValueInput(settings, choice: KeyValueInput, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.KeyValueInput) choice

    /// How positions form windows.
    [<CustomOperation("window_layout")>]
    member _.WindowLayout(settings, choice: WindowLayout, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.WindowLayout) choice

    /// How pairs of different regions are masked.
    [<CustomOperation("shift_mask")>]
    member _.ShiftMask(settings, choice: ShiftMask, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.ShiftMask) choice

    /// The region of padding.
    [<CustomOperation("padding_region")>]
    member _.PaddingRegion(settings, choice: PaddingRegion, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.PaddingRegion) choice

    /// How much is padded to whole windows, and where.
    [<CustomOperation("window_padding")>]
    member _.WindowPadding(settings, choice: WindowPadding, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.WindowPadding) choice

    /// The similarity of the last aggregation.
    [<CustomOperation("similarity_scale")>]
    member _.SimilarityScale(settings, choice: SimilarityScale, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> point line (nameof points.SimilarityScale) choice

    /// Which query-independent bias scores the attention has.
    [<CustomOperation("bias_scores")>]
    member _.BiasScores(settings, scores: BiasScores, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.BiasScores) scores

    /// Where prompts enter the network.
    [<CustomOperation("placement")>]
    member _.Placement(settings, placement: PromptPlacement, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Placement) placement

    /// How similarities to the tokens of a class become one map.
    [<CustomOperation("aggregation")>]
    member _.Aggregation(settings, aggregation: SimilarityAggregation, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Aggregation) aggregation

    /// What similarities are multiplied by before the softmax over the classes.
    [<CustomOperation("logit_scale")>]
    member _.LogitScale(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.LogitScale) factor

    /// Whether the training of the body changes the logit scale.
    [<CustomOperation("learned_logit_scale")>]
    member _.LearnedLogitScale(settings, learned: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.LearnedLogitScale) learned

    /// One bias embedding per token, or one row per class.
    [<CustomOperation("unique_token_bias")>]
    member _.UniqueTokenBias(settings, unique: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.UniqueTokenBias) unique

    /// One bias table per class, or one for all classes.
    [<CustomOperation("unique_prompt_bias")>]
    member _.UniquePromptBias(settings, unique: bool, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.UniquePromptBias) unique
