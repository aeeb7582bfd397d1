namespace PUNet.Core.Imaging.Nifti;

/// <summary>What stored numbers become. A struct, so that the loops around it are compiled for it.</summary>
internal interface INumberConversion<TStored, TTarget>
{
    /// <summary>Converts as many numbers as there are.</summary>
    void Convert(ReadOnlySpan<TStored> stored, Span<TTarget> converted);
}
