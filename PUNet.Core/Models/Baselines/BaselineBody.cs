using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>What tells the baselines apart: the way from slices to features of their resolution.</summary>
internal abstract class BaselineBody : nn.Module
{
    private protected BaselineBody(string name) : base(name) { }

    /// <summary>[B, C_in, H, W] to features [B, F, H, W].</summary>
    public abstract Tensor forward(Tensor slices);

    /// <summary>Refuses slices that the architecture cannot take.</summary>
    /// <exception cref="ArgumentException">With the rule.</exception>
    public abstract void Check(long height, long width);

    /// <summary>Whether a tensor of the body, by its name in it, belongs to the decoder.</summary>
    public abstract bool IsInDecoder(string name);

    /// <summary>The common rule: whole multiples.</summary>
    private protected static void CheckMultiple(long height, long width, int multiple)
    {
        if (height % multiple != 0 || width % multiple != 0)
            throw new ArgumentException($"Slices must be multiples of {multiple} voxels, not {height}×{width}.");
    }
}
