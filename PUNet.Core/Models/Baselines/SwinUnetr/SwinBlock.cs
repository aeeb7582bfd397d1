using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>
/// A pre-normalised transformer block whose attention stays inside windows, in every second block shifted ones.
/// MONAI: SwinTransformerBlock.
/// </summary>
internal sealed class SwinBlock : nn.Module<Tensor, Tensor>
{
    private const int Widening = 4;

    [ComponentName(Name = "norm1")] private readonly LayerNorm _attentionNorm;
    [ComponentName(Name = "attn")] private readonly WindowSelfAttention _attention;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _feedForwardNorm;
    [ComponentName(Name = "mlp")] private readonly FeedForward _feedForward;

    private readonly int _window;
    private readonly bool _shifted;

    public SwinBlock(int channels, int heads, int window, bool shifted, Initialisation draw) : base(nameof(SwinBlock))
    {
        (_window, _shifted) = (window, shifted);
        _attentionNorm = nn.LayerNorm(channels);
        _attention = new WindowSelfAttention(channels, heads, window, draw);
        _feedForwardNorm = nn.LayerNorm(channels);
        _feedForward = new FeedForward(channels, Widening * channels, draw);
        RegisterComponents();
    }

    /// <summary>[B, H, W, C] to the same.</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var windows = new SwinWindows(map.shape[1], map.shape[2], _window, _shifted);
        var attended = _attention.forward(windows.Partition(_attentionNorm.forward(map)), windows.Mask(map.device));
        var sum = map.Plus(windows.Merge(attended));
        return sum.Plus(_feedForward.forward(_feedForwardNorm.forward(sum))).MoveToOuterDisposeScope();
    }
}
