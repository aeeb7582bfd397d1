using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>The feed-forward layers of a transformer block: linear, GELU, linear. MONAI: MLPBlock.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "linear1")] private readonly LinearLayer _widen;
    [ComponentName(Name = "linear2")] private readonly LinearLayer _narrow;

    public FeedForward(int channels, int hidden, Initialisation draw) : base(nameof(FeedForward))
    {
        _widen = new LinearLayer(channels, hidden, true, draw);
        _narrow = new LinearLayer(hidden, channels, true, draw);
        RegisterComponents();
    }

    /// <summary>[…, C] to the same.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _narrow.forward(nn.functional.gelu(_widen.forward(tokens))).MoveToOuterDisposeScope();
    }
}
