using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// One half of a PSWin block: attention with prompts, one linear layer, optionally a bottleneck, each residual (method.md, section 2).
/// </summary>
internal sealed class AttentionSubBlock : nn.Module
{
    private const int BottleneckReduction = 4;

    [ComponentName(Name = "norm")] private readonly LayerNorm _norm;
    [ComponentName(Name = "attention")] private readonly WindowAttention _attention;
    [ComponentName(Name = "bias_scores")] private readonly BiasScoreTables _biasScores;
    [ComponentName(Name = "linear_norm")] private readonly LayerNorm _linearNorm;
    [ComponentName(Name = "linear")] private readonly LinearLayer _linear;
    [ComponentName(Name = "adapter_down")] private readonly LinearLayer? _bottleneckDown;
    [ComponentName(Name = "adapter_up")] private readonly LinearLayer? _bottleneckUp;

    private readonly bool _shifted;

    public AttentionSubBlock(int channels, AttentionShape shape, bool shifted, Initialisation initialisation) : base(nameof(AttentionSubBlock))
    {
        _shifted = shifted;
        _norm = nn.LayerNorm(channels);
        _attention = new WindowAttention(channels, shape.BiasScores.Heads, shape.Semantics.KeyValueInput, initialisation, shape.LowRank);
        _biasScores = new BiasScoreTables(shape.BiasScores, initialisation);
        _linearNorm = nn.LayerNorm(channels);
        _linear = new LinearLayer(channels, channels, true, initialisation);
        if (shape.Bottlenecks)
        {
            _bottleneckDown = new LinearLayer(channels, channels / BottleneckReduction, true, initialisation);
            _bottleneckUp = new LinearLayer(channels / BottleneckReduction, channels, true, initialisation);
        }
        RegisterComponents();
    }

    /// <summary>[B·P, N, C] to [B·P, N, C].</summary>
    /// <param name="tokens">Content in windows.</param>
    /// <param name="pool">This sub-block's prompts; null where there are none.</param>
    /// <param name="selection">Which classes' prompts; null for a pass without prompts.</param>
    /// <param name="tables">Geometry and masks.</param>
    public Tensor forward(Tensor tokens, PromptPool? pool, PromptSelection? selection, WindowTables tables)
    {
        using var scope = NewDisposeScope();
        var prompts = pool is null || selection is null ? null : _norm.forward(pool.Of(selection.Classes));
        tokens = tokens.Plus(_attention.forward(_norm.forward(tokens), prompts, selection, _biasScores, tables, _shifted));
        tokens = tokens.Plus(_linear.forward(_linearNorm.forward(tokens)));
        if (_bottleneckDown is not null && _bottleneckUp is not null)
            tokens = tokens.Plus(_bottleneckUp.forward(_bottleneckDown.forward(tokens).LeakyReluInPlace(LeakySlope.Value)));
        return tokens.MoveToOuterDisposeScope();
    }
}
