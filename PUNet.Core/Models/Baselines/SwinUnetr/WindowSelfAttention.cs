using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>
/// Multi-head self-attention inside windows, with a learned bias for every offset of two positions. As published, a window smaller
/// than the configured one takes the offsets of the first positions of that one, row by row, and not its own. MONAI: WindowAttention.
/// </summary>
internal sealed class WindowSelfAttention : nn.Module
{
    private const double BiasDeviation = 0.02;

    [ComponentName(Name = "relative_position_bias_table")] private readonly Parameter _bias;
    [ComponentName(Name = "qkv")] private readonly LinearLayer _queriesKeysValues;
    [ComponentName(Name = "proj")] private readonly LinearLayer _output;

    private readonly int _heads;
    private readonly int _window;

    public WindowSelfAttention(int channels, int heads, int window, Initialisation draw) : base(nameof(WindowSelfAttention))
    {
        (_heads, _window) = (heads, window);
        _bias = draw.Normal(BiasDeviation, (2 * window - 1) * (2 * window - 1), heads);
        _queriesKeysValues = new LinearLayer(channels, 3 * channels, true, draw);
        _output = new LinearLayer(channels, channels, true, draw);
        RegisterComponents();
    }

    /// <summary>Windows [B·P, N, C] to the same.</summary>
    /// <param name="windows">[B·P, N, C].</param>
    /// <param name="mask">Added to the scores, [P, 1, N, N]; null: none.</param>
    public Tensor forward(Tensor windows, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        var (all, n, c) = (windows.shape[0], windows.shape[1], windows.shape[2]);
        var parts = _queriesKeysValues.forward(windows).view(all, n, 3, _heads, c / _heads).permute(2, 0, 3, 1, 4).unbind(0); // 3 × [B·P, M, N, C/M]
        var queries = parts[0].Times(Math.Pow((double)c / _heads, -0.5)).flatten(0, 1);
        var scores = bmm(queries, parts[1].flatten(0, 1).transpose(1, 2)).view(all, _heads, n, n).PlusInPlace(Bias(n));
        if (mask is not null) scores = scores.view(-1, mask.shape[0], _heads, n, n).Plus(mask).view(all, _heads, n, n);
        var attended = bmm(nn.functional.softmax(scores, 3).flatten(0, 1), parts[2].flatten(0, 1)).view(all, _heads, n, c / _heads);
        return _output.forward(attended.transpose(1, 2).reshape(all, n, c)).MoveToOuterDisposeScope(); // [B·P, M, N, C/M] → [B·P, N, C]
    }

    /// <summary>[M, N, N].</summary>
    private Tensor Bias(long n)
    {
        var edge = 2 * _window - 1;
        var places = Enumerable.Range(0, (int)n).Select(i => (Row: i / _window, Column: i % _window)).ToArray();
        var offsets = places.SelectMany(
            query => places.Select(key => (long)(query.Row - key.Row + _window - 1) * edge + query.Column - key.Column + _window - 1));
        return _bias.index_select(0, tensor(offsets.ToArray(), device: _bias.device)).view(n, n, _heads).permute(2, 0, 1);
    }
}
