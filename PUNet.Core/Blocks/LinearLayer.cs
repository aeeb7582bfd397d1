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
    public Tensor forward(Tensor input) => Apply(input, _weight, _bias);

    /// <summary>
    /// […, inputs] times [outputs, inputs] transposed. Laid flat first: libtorch otherwise picks the multiplication by whether
    /// the weight may have a gradient, so that freezing a network would change its predictions in the last bit.
    /// </summary>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var product = MixedPrecision.Multiply(
            input.reshape(-1, shape[^1]), weight, bias, (x, matrix, added) => nn.functional.linear(x, matrix, added));
        return product.view([.. shape[..^1], weight.shape[0]]).MoveToOuterDisposeScope();
    }
}
