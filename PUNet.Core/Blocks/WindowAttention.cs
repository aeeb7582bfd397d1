using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

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

    public WindowAttention(int channels, int heads, KeyValueInput keyValueInput, Initialisation initialisation) : base(nameof(WindowAttention))
    {
        (_heads, _channelsPerHead, _fromQuery) = (heads, channels / heads, keyValueInput == KeyValueInput.ProjectedQuery);
        _query = new LinearLayer(channels, channels, false, initialisation);
        _key = new LinearLayer(channels, channels, false, initialisation);
        _value = new LinearLayer(channels, channels, false, initialisation);
        _output = new LinearLayer(channels, channels, true, initialisation);
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
    public Tensor Forward(Tensor content, Tensor? prompts, PromptSelection? selection, BiasScoreTables scores, WindowTables tables, bool shifted)
    {
        using var scope = NewDisposeScope();
        var (windows, positions, channels) = (content.shape[0], content.shape[1], content.shape[2]);
        var perElement = tables.Grid.Windows.Count;
        var batch = windows / perElement;
        var (query, key, value) = Project(content); // each [B·P, h, N, c]
        var bias = scores.Content(tables); // [h, N, N]
        var promptCount = 0L;
        if (prompts is not null && selection is not null)
        {
            promptCount = selection.Count * prompts.shape[1];
            var (promptKey, promptValue) = ProjectPrompts(prompts, selection, batch); // each [B, h, J, c]
            key = cat([OverWindows(promptKey, perElement), key], 2); // [B·P, h, J + N, c]
            value = cat([OverWindows(promptValue, perElement), value], 2);
            bias = Join(bias, scores.Prompt(selection), selection, batch, perElement, positions, promptCount);
        }
        var score = query.mul(1 / Math.Sqrt(_channelsPerHead)).matmul(key.transpose(2, 3)); // [B·P, h, N, J + N]
        if (bias is not null) score = score.add_(bias);
        if (tables.Mask(shifted, promptCount) is { } mask) score = Masked(score, mask, tables.Multiplies, batch);
        var mixed = score.softmax(3).matmul(value); // [B·P, h, N, c]
        return _output.Forward(mixed.transpose(1, 2).reshape(windows, positions, channels)).MoveToOuterDisposeScope();
    }

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor content)
    {
        var query = _query.Forward(content);
        var source = _fromQuery ? query : content;
        return (Heads(query), Heads(_key.Forward(source)), Heads(_value.Forward(source)));
    }

    private (Tensor Key, Tensor Value) ProjectPrompts(Tensor prompts, PromptSelection selection, long batch)
    {
        var source = _fromQuery ? _query.Forward(prompts) : prompts;
        return (PerElement(_key.Forward(source)), PerElement(_value.Forward(source)));

        Tensor PerElement(Tensor tokens) => Heads(selection.Spread(tokens).reshape(batch, -1, tokens.shape[2]));
    }

    /// <summary>[X, N, C] to [X, h, N, c]; the channel axis splits as (head, channel).</summary>
    private Tensor Heads(Tensor tokens) => tokens.view(tokens.shape[0], tokens.shape[1], _heads, _channelsPerHead).transpose(1, 2);

    /// <summary>[B, …] to [B·P, …], the same for every window of an element.</summary>
    private static Tensor OverWindows(Tensor perBatch, long windows)
    {
        var shape = perBatch.shape;
        return perBatch.unsqueeze(1).expand([shape[0], windows, .. shape[1..]]).reshape([shape[0] * windows, .. shape[1..]]);
    }

    /// <summary>The bias of prompts and content side by side, [B·P, h, N, J + N]; null without either.</summary>
    private Tensor? Join(Tensor? content, Tensor? prompt, PromptSelection selection, long batch, long windows, long positions, long promptCount)
    {
        if (content is null && prompt is null) return null;
        var left = prompt is null
            ? zeros(batch, _heads, 1, promptCount, content!.dtype, content.device)
            : selection.Spread(prompt).reshape(batch, promptCount, _heads).transpose(1, 2).unsqueeze(2); // [B, h, 1, J]
        var right = content ?? zeros(_heads, positions, positions, left.dtype, left.device);
        var joined = cat([left.expand(batch, _heads, positions, promptCount), right.unsqueeze(0).expand(batch, _heads, positions, positions)], 3);
        return OverWindows(joined, windows);
    }

    private static Tensor Masked(Tensor score, Tensor mask, bool multiplies, long batch)
    {
        var shape = score.shape;
        var perElement = score.view([batch, shape[0] / batch, .. shape[1..]]); // [B, P, h, N, J + N]
        return (multiplies ? perElement.mul(mask) : perElement.add(mask)).view(shape);
    }
}
