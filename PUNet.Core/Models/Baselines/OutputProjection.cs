using PUNet.Core.Blocks;
using PUNet.Core.Models.Baselines.UNet;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>The 1×1 convolution from the finest level to the features that both heads read. MONAI: UnetOutBlock.</summary>
internal sealed class OutputProjection : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv")] private readonly ConvolutionUnit _projection;

    public OutputProjection(int inputs, int outputs, Initialisation draw) : base(nameof(OutputProjection))
    {
        _projection = ConvolutionUnit.Bare(inputs, outputs, 1, true, draw);
        RegisterComponents();
    }

    /// <summary>[B, C, H, W] to [B, F, H, W].</summary>
    public override Tensor forward(Tensor map) => _projection.forward(map);
}
