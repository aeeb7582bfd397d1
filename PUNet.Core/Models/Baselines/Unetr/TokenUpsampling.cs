using PUNet.Core.Blocks;
using PUNet.Core.Models.Baselines.UNet;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>
/// UNETR's way from a hidden state of the transformer to a skip: doubled once, and again with every refined step.
/// MONAI: UnetrPrUpBlock.
/// </summary>
internal sealed class TokenUpsampling : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "transp_conv_init")] private readonly ConvolutionUnit _first;
    [ComponentName(Name = "blocks")] private readonly ModuleList<RefinedDoubling> _steps = new();

    /// <param name="inputs">Channels of a token.</param>
    /// <param name="outputs">Channels of the skip.</param>
    /// <param name="steps">Doublings after the first.</param>
    /// <param name="draw">Source of the initial values.</param>
    public TokenUpsampling(int inputs, int outputs, int steps, Initialisation draw) : base(nameof(TokenUpsampling))
    {
        _first = ConvolutionUnit.Doubling(inputs, outputs, draw);
        for (var step = 0; step < steps; step++) _steps.Add(new RefinedDoubling(outputs, draw));
        RegisterComponents();
    }

    /// <summary>[B, E, h, w] to [B, C, h·2^(1+steps), w·2^(1+steps)].</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var map = _first.forward(tokens);
        foreach (var step in _steps) map = step.forward(map);
        return map.MoveToOuterDisposeScope();
    }
}
