using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.UNet;

/// <summary>
/// A level of the residual UNet: down, what lies below with the skip beside it, and up again.
/// MONAI: what _create_block of UNet makes.
/// </summary>
internal sealed class UNetLevel : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly ResidualUnit _down;
    [ComponentName(Name = "1")] private readonly UNetSkip _below;
    [ComponentName(Name = "2")] private readonly UNetUp _up;

    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="channels">Channels of this level and of those below it, two at least.</param>
    /// <param name="isTop">The top keeps the size and ends without an activation; every other level halves it.</param>
    /// <param name="draw">Source of the initial values.</param>
    public UNetLevel(int inputs, int outputs, IReadOnlyList<int> channels, bool isTop, Initialisation draw) : base(nameof(UNetLevel))
    {
        var (own, next) = (channels[0], channels[1]);
        var stride = isTop ? 1 : 2;
        var isLast = channels.Count == 2;
        _down = new ResidualUnit(inputs, own, stride, 2, draw);
        _below = new UNetSkip(isLast ? new ResidualUnit(own, next, 1, 2, draw) : new UNetLevel(own, own, [.. channels.Skip(1)], false, draw));
        _up = new UNetUp(own + (isLast ? next : own), outputs, stride, isTop, draw);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H, W].</summary>
    public override Tensor forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        return _up.forward(_below.forward(_down.forward(map))).MoveToOuterDisposeScope();
    }
}
