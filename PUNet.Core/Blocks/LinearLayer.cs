using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>A linear layer over the last axis.</summary>
internal sealed class LinearLayer : nn.Module
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter? _bias;
    [ComponentName(Name = "low_rank")] private readonly LowRankUpdate? _update;

    /// <param name="inputs">Length of the last axis.</param>
    /// <param name="outputs">Its length afterwards.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    /// <param name="lowRank">Rank of an update of the matrix; null: none.</param>
    public LinearLayer(int inputs, int outputs, bool hasBias, Initialisation initialisation, int? lowRank = null) : base(nameof(LinearLayer))
    {
        _weight = initialisation.Weight(outputs, inputs);
        if (hasBias) _bias = initialisation.Bias(inputs, outputs);
        if (lowRank is { } rank) _update = new LowRankUpdate(inputs, outputs, rank, initialisation);
        RegisterComponents();
    }

    /// <summary>The matrix with its update, [outputs, inputs]; the weight itself where there is none.</summary>
    public Tensor Matrix() => _update is null ? _weight : _update.AddTo(_weight);

    /// <summary>[…, inputs] to […, outputs].</summary>
    public Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Apply(input, Matrix(), _bias).MoveToOuterDisposeScope();
    }

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
