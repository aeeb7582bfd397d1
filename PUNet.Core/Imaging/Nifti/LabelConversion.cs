using System.Numerics;
using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Slices of stored numbers as labels of a C-order label map.</summary>
/// <exception cref="ImageFileException">A number is no label: not whole, or not in 0…65535.</exception>
internal readonly struct LabelConversion(NiftiHeader header, VolumeSlices<ushort> target, string path) : IStoredVisitor
{
    /// <summary>How far a label stored as a fraction, or scaled, may lie from a whole number.</summary>
    private const float Rounding = 1e-3f;

    public void Visit<TStored>(ReadOnlySpan<TStored> stored) where TStored : unmanaged, INumberBase<TStored>
    {
        if (header.Type.IsInteger() && !header.IsScaled) target.Fill(stored, new Whole<TStored>(path));
        else target.Fill(stored, new Rounded<TStored>(header.Slope, header.Intercept, path));
    }

    private static ImageFileException NoLabel(string path, double value) => new(path, FormattableString.Invariant(
        $"is no label map: it has the value {value}, and labels are whole numbers from 0 to {ushort.MaxValue}. Check that it is not the image."));

    private readonly struct Whole<TStored>(string path) : INumberConversion<TStored, ushort> where TStored : unmanaged, INumberBase<TStored>
    {
        public void Convert(ReadOnlySpan<TStored> stored, Span<ushort> converted)
        {
            for (var i = 0; i < stored.Length; i++)
            {
                var label = long.CreateSaturating(stored[i]);
                if ((ulong)label > ushort.MaxValue) throw NoLabel(path, label);
                converted[i] = (ushort)label;
            }
        }
    }

    private readonly struct Rounded<TStored>(double slope, double intercept, string path) : INumberConversion<TStored, ushort>
        where TStored : unmanaged, INumberBase<TStored>
    {
        public void Convert(ReadOnlySpan<TStored> stored, Span<ushort> converted)
        {
            for (var i = 0; i < stored.Length; i++)
            {
                var value = (float)(double.CreateTruncating(stored[i]) * slope + intercept);
                var label = MathF.Round(value);
                if (!(label >= 0 && label <= ushort.MaxValue) || Math.Abs(value - label) > Rounding) throw NoLabel(path, value);
                converted[i] = (ushort)label;
            }
        }
    }
}
