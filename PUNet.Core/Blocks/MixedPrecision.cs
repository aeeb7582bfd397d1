using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>
/// The number type in which the layers of this thread multiply while a forward pass lasts. Autograd remembers the
/// conversions, so that the backward pass needs none of this.
/// </summary>
internal static class MixedPrecision
{
    [ThreadStatic]
    private static ScalarType? _type;

    /// <summary>Sets the type until the result is disposed.</summary>
    public static IDisposable Begin(ComputePrecision precision)
    {
        var scope = new Scope(_type);
        _type = precision switch
        {
            ComputePrecision.Bfloat16 => ScalarType.BFloat16,
            ComputePrecision.Float16 => ScalarType.Float16,
            _ => null,
        };
        return scope;
    }

    /// <summary>A product of tensors, converted to the type before and back to the first one's after it.</summary>
    /// <param name="left">First factor.</param>
    /// <param name="right">Second factor, for example a layer's weight.</param>
    /// <param name="bias">What the product adds; may be null.</param>
    /// <param name="multiply">The product.</param>
    public static Tensor Multiply(Tensor left, Tensor right, Tensor? bias, Func<Tensor, Tensor, Tensor?, Tensor> multiply) =>
        _type is { } type ? multiply(left.to_type(type), right.to_type(type), bias?.to_type(type)).to_type(left.dtype) : multiply(left, right, bias);

    private sealed class Scope(ScalarType? before) : IDisposable
    {
        public void Dispose() => _type = before;
    }
}
