using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>Prepares a map of the transformer, or the image, as a skip of the decoder. MONAI: UnetrBasicBlock.</summary>
internal sealed class SkipEncoder : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "layer")] private readonly InstanceResidualBlock _layer;

    public SkipEncoder(int inputs, int outputs, Initialisation draw) : base(nameof(SkipEncoder))
    {
        _layer = new InstanceResidualBlock(inputs, outputs, draw);
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W] to [B, C_out, H, W].</summary>
    public override Tensor forward(Tensor map) => _layer.forward(map);
}
