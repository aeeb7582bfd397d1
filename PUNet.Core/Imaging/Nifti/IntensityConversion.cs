using System.Numerics;
using System.Runtime.InteropServices;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Slices of stored numbers as intensities of a C-order volume.</summary>
internal readonly struct IntensityConversion(NiftiHeader header, VolumeSlices<float> target) : IStoredVisitor
{
    public void Visit<TStored>(ReadOnlySpan<TStored> stored) where TStored : unmanaged, INumberBase<TStored>
    {
        if (header.IsScaled) target.Fill(stored, new Scaled<TStored>(header.Slope, header.Intercept));
        else target.Fill(stored, default(Plain<TStored>));
    }

    private readonly struct Plain<TStored> : INumberConversion<TStored, float> where TStored : unmanaged, INumberBase<TStored>
    {
        public void Convert(ReadOnlySpan<TStored> stored, Span<float> converted)
        {
            converted = converted[..stored.Length];
            var done = typeof(TStored) == typeof(short) ? Widening.ToFloats(MemoryMarshal.Cast<TStored, short>(stored), converted) : 0;
            for (var i = done; i < stored.Length; i++) converted[i] = float.CreateTruncating(stored[i]);
        }
    }

    private readonly struct Scaled<TStored>(double slope, double intercept) : INumberConversion<TStored, float>
        where TStored : unmanaged, INumberBase<TStored>
    {
        public void Convert(ReadOnlySpan<TStored> stored, Span<float> converted)
        {
            converted = converted[..stored.Length];
            for (var i = 0; i < stored.Length; i++) converted[i] = (float)(double.CreateTruncating(stored[i]) * slope + intercept);
        }
    }
}
