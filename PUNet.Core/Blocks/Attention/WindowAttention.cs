using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>
/// Multi-head attention of a window's content over [prompts ; content]. Queries of prompts would never reach the output
/// (method.md, section 2), so they are not computed; keys and values of prompts are projected once per class.
/// </summary>
internal sealed class WindowAttention : nn.Module
{
    [ComponentName(Name = "query")] private readonly LinearLayer _query;
    [ComponentName(Name = "key")] private readonly LinearLayer _key;
    [ComponentName(Name = "value")] private readonly LinearLayer _value;
    [ComponentName(Name = "output")] private readonly LinearLayer _output;

    private readonly int _heads;
    private readonly int _channelsPerHead;
    private readonly bool _fromQuery;

    public WindowAttention(int channels, int heads, KeyValueInput keyValueInput, Initialisation initialisation, int? lowRank = null)
        : base(nameof(WindowAttention))
    {
        (_heads, _channelsPerHead, _fromQuery) = (heads, channels / heads, keyValueInput == KeyValueInput.ProjectedQuery);
        _query = new LinearLayer(channels, channels, false, initialisation, lowRank);
        _key = new LinearLayer(channels, channels, false, initialisation, lowRank);
        _value = new LinearLayer(channels, channels, false, initialisation, lowRank);
        _output = new LinearLayer(channels, channels, true, initialisation, lowRank);
        RegisterComponents();
    }

    /// <summary>The attention's output for the content.</summary>
    /// <param name="content">Normalised content [B·P, N, C].</param>
    /// <param name="prompts">Normalised prompt tokens [distinct, T, C]; null without prompts.</param>
    /// <param name="selection">Which of them each batch element uses.</param>
    /// <param name="scores">The bias scores.</param>
    /// <param name="tables">Masks and geometry.</param>
    /// <param name="shifted">Whether this is the shifted sub-block.</param>
    /// <returns>[B·P, N, C].</returns>
    public Tensor forward(Tensor content, Tensor? prompts, PromptSelection? selection, BiasScoreTables scores, WindowTables tables, bool shifted)
    {
        using var scope = NewDisposeScope();
        var perElement = tables.Grid.Windows.Count;
        var layout = new AttentionLayout(
            (int)(content.shape[0] / perElement), (int)perElement, _heads, (int)content.shape[1], _channelsPerHead,
            prompts is null || selection is null ? 0 : selection.Count * (int)prompts.shape[1]);
        var joint = Project(content); // [B·P, N, 3C]
        // [B, J, 2C]
        var promptJoint = prompts is null || selection is null
            ? null
            : selection.Spread(ProjectPrompts(prompts)).reshape(layout.Batch, layout.Prompts, -1);
        var contentBias = scores.Content(tables); // [h, N, N]
        var promptBias = promptJoint is null || scores.Prompt(selection!) is not { } bias
            ? null
            : selection!.Spread(bias).reshape(layout.Batch, layout.Prompts, _heads);
        var mixed = FusedAttention.Supports(joint, promptJoint, contentBias, promptBias)
            ? FusedAttention.Apply(layout, joint, promptJoint, contentBias, promptBias, tables.Regions(shifted, layout.Lanes))
            : PlainAttention.Apply(layout, joint, promptJoint, contentBias, promptBias, tables.Mask(shifted, layout.Prompts), tables.Multiplies);
        return _output.forward(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>Queries, keys and values side by side, [B·P, N, 3C].</summary>
    private Tensor Project(Tensor content)
    {
        if (!_fromQuery) return LinearLayer.Apply(content, cat([_query.Matrix(), _key.Matrix(), _value.Matrix()]), null);
        var query = _query.forward(content);
        return cat([query, KeysAndValues(query)], -1);
    }

    /// <summary>Keys and values of prompts side by side, [distinct, T, 2C].</summary>
    private Tensor ProjectPrompts(Tensor prompts) => KeysAndValues(_fromQuery ? _query.forward(prompts) : prompts);

    private Tensor KeysAndValues(Tensor source) => LinearLayer.Apply(source, cat([_key.Matrix(), _value.Matrix()]), null);
}
