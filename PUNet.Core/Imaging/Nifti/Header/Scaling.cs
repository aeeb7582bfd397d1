using System.Numerics;

namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>Stored numbers as floating-point ones, times the slope plus the intercept, in the same order.</summary>
internal readonly ref struct Scaling<T>(NiftiHeader header, Span<T> values) : IStoredVisitor where T : unmanaged, IFloatingPoint<T>
{
    private readonly Span<T> _values = values;

    public void Visit<TStored>(ReadOnlySpan<TStored> stored) where TStored : unmanaged, INumberBase<TStored>
    {
        var (slope, intercept) = (header.Slope, header.Intercept);
        if (header.IsScaled)
            for (var i = 0; i < stored.Length; i++) _values[i] = T.CreateTruncating(double.CreateTruncating(stored[i]) * slope + intercept);
        else
            for (var i = 0; i < stored.Length; i++) _values[i] = T.CreateTruncating(stored[i]);
    }
}
