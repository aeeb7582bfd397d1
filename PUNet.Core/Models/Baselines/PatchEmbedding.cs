using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>Two by two voxels as one position of the finest map. MONAI: PatchEmbed.</summary>
internal sealed class PatchEmbedding : nn.Module
{
    private const int Patch = 2;

    [ComponentName(Name = "proj")] private readonly PlaneConvolution _projection;

    public PatchEmbedding(int inputs, int channels, Initialisation draw) : base(nameof(PatchEmbedding))
    {
        _projection = new PlaneConvolution(inputs, channels, Patch, Patch, true, draw);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, H/2, W/2, C].</summary>
    public Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        return _projection.forward(slices).permute(0, 2, 3, 1).contiguous().MoveToOuterDisposeScope();
    }
}
