using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>Draws initial parameter values from one generator, so that a network is a function of its random stream.</summary>
internal sealed class Initialisation(Generator generator)
{
    /// <summary>Xavier-uniform with gain 1: ±√(6 / (fan_in + fan_out)); axis 0 is "out", axis 1 "in", the rest the receptive field.</summary>
    public Parameter XavierUniform(params long[] shape)
    {
        var field = Product(shape, 2);
        return Uniform(Math.Sqrt(6.0 / ((shape[0] + shape[1]) * field)), shape);
    }

    /// <summary>PyTorch's default for weights of convolutions and linear layers: ±1 / √fan_in.</summary>
    public Parameter Weight(params long[] shape) => Uniform(1 / Math.Sqrt(Product(shape, 1)), shape);

    /// <summary>PyTorch's default for their biases: ±1 / √fan_in of the weight.</summary>
    /// <param name="fanIn">Inputs of one output.</param>
    /// <param name="outputs">Length.</param>
    public Parameter Bias(long fanIn, long outputs) => Uniform(1 / Math.Sqrt(fanIn), outputs);

    /// <summary>Normal around 0, as transformers draw position codes.</summary>
    public Parameter Normal(double deviation, params long[] shape)
    {
        using var _ = no_grad();
        return nn.Parameter(empty(shape).normal_(0, deviation, generator));
    }

    private Parameter Uniform(double bound, params long[] shape)
    {
        using var _ = no_grad();
        return nn.Parameter(empty(shape).uniform_(-bound, bound, generator));
    }

    private static long Product(long[] shape, int from) => shape.Skip(from).Aggregate(1L, (product, size) => product * size);
}
