using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>
/// Slices as tokens, one for every patch, with a learned position code. The code covers the teacher's patch; smaller slices take
/// its centre, as the prompt-able UNet's position code does (method.md, section 2, step 2). MONAI: PatchEmbeddingBlock.
/// </summary>
internal sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    private const double CodeDeviation = 0.02;

    [ComponentName(Name = "position_embeddings")] private readonly Parameter _code;
    [ComponentName(Name = "patch_embeddings")] private readonly PlaneConvolution _patches;

    private readonly Extent _grid;

    /// <param name="configuration">Sizes; the code is as large as the teacher's patch.</param>
    /// <param name="draw">Source of the initial values.</param>
    public TokenEmbedding(UnetrConfiguration configuration, Initialisation draw) : base(nameof(TokenEmbedding))
    {
        _grid = new Extent(
            configuration.TeacherPatch.H / UnetrConfiguration.TokenPatch, configuration.TeacherPatch.W / UnetrConfiguration.TokenPatch, 1);
        _code = draw.Normal(CodeDeviation, 1, _grid.Count, configuration.HiddenSize);
        _patches = new PlaneConvolution(
            configuration.InChannels, configuration.HiddenSize, UnetrConfiguration.TokenPatch, UnetrConfiguration.TokenPatch, true, draw);
        RegisterComponents();
    }

    /// <summary>Refuses slices beyond the position code.</summary>
    /// <exception cref="ArgumentException">With the rule.</exception>
    public void Check(long height, long width)
    {
        if (height / UnetrConfiguration.TokenPatch > _grid.H || width / UnetrConfiguration.TokenPatch > _grid.W)
            throw new ArgumentException(
                "The position code covers slices up to the teacher's patch, "
                + $"{_grid.H * UnetrConfiguration.TokenPatch}×{_grid.W * UnetrConfiguration.TokenPatch} voxels; {height}×{width} is larger.");
    }

    /// <summary>[B, C_in, H, W] to [B, H/16 · W/16, E].</summary>
    public override Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var patches = _patches.forward(slices); // [B, E, h, w]
        var (h, w) = (patches.shape[2], patches.shape[3]);
        var code = _code.view(1, _grid.H, _grid.W, -1).narrow(1, (_grid.H - h) / 2, h).narrow(2, (_grid.W - w) / 2, w).flatten(1, 2); // [1, h·w, E]
        return patches.flatten(2).transpose(1, 2).Plus(code).MoveToOuterDisposeScope(); // [B, E, h·w] → [B, h·w, E]
    }
}
