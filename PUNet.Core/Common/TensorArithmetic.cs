using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Common;

/// <summary>
/// Arithmetic of tensors with numbers. TorchSharp makes a native scalar of every number (and of the hidden factor 1 of every sum), which the
/// finalizer may free while the native call still reads it: a wrong value or a crash, once in some million operations. The numbers
/// here are kept for the life of the process instead. For values that change with every step, write <c>using Scalar</c>.
/// </summary>
internal static class TensorArithmetic
{
    private static readonly ConcurrentDictionary<double, Scalar> _reals = new();
    private static readonly ConcurrentDictionary<long, Scalar> _integers = new();

    /// <summary>A real number that the program uses again and again.</summary>
    public static Scalar Real(double value) => _reals.GetOrAdd(value, number => number);

    /// <summary>A whole number, for tensors of whole numbers.</summary>
    public static Scalar Whole(long value) => _integers.GetOrAdd(value, number => number);

    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, Whole(1));

    public static Tensor Plus(this Tensor left, double right) => left.add(Real(right), Whole(1));

    public static Tensor PlusInPlace(this Tensor left, Tensor right) => left.add_(right, Whole(1));

    public static Tensor Minus(this Tensor left, Tensor right) => left.add(right, Whole(-1));

    public static Tensor Times(this Tensor left, double right) => left.mul(Real(right));

    /// <summary>TorchSharp's own square() makes a scalar of its exponent.</summary>
    public static Tensor Squared(this Tensor tensor) => tensor.mul(tensor);

    public static Tensor Over(this Tensor left, double right) => left.div(Real(right));

    /// <summary>Writes over its input, which must be an intermediate.</summary>
    public static Tensor LeakyReluInPlace(this Tensor input, double slope) => input.leaky_relu_(Real(slope));

    /// <summary>Sum of at least one tensor.</summary>
    public static Tensor Total(this IEnumerable<Tensor> tensors) => tensors.Aggregate(Plus);
}
