using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>A linear layer over the last axis.</summary>
internal sealed class LinearLayer : nn.Module
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter? _bias;

    public LinearLayer(int inputs, int outputs, bool hasBias, Initialisation initialisation) : base(nameof(LinearLayer))
    {
        _weight = initialisation.Weight(outputs, inputs);
        if (hasBias) _bias = initialisation.Bias(inputs, outputs);
        RegisterComponents();
    }

    /// <summary>The matrix, [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>[…, inputs] to […, outputs].</summary>
    public Tensor Forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
