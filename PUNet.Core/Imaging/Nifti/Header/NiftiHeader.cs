namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>What a NIfTI-1 or NIfTI-2 header says, made sound: the same for both versions and byte orders.</summary>
public sealed record NiftiHeader
{
    /// <summary>1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>True where header and data lie in two files (.hdr and .img).</summary>
    public required bool IsPair { get; init; }

    /// <summary>True where the file's byte order is not this machine's.</summary>
    public required bool SwapsBytes { get; init; }

    /// <summary>Lengths of the axes that the file has, 1 to 7 of them, each at least 1.</summary>
    public required IReadOnlyList<long> Shape { get; init; }

    /// <summary>Type of the stored numbers.</summary>
    public required NiftiType Type { get; init; }

    /// <summary>Where the data begin, in bytes from the start of their file.</summary>
    public required long DataOffset { get; init; }

    /// <summary>Factor of the stored numbers; 1 where the file gives none: 0, as NIfTI has it, or NaN, as many programs write it.</summary>
    public required double Slope { get; init; }

    /// <summary>Summand after the factor; 0 where the file gives none.</summary>
    public required double Intercept { get; init; }

    /// <summary>
    /// Voxel to mm, the affine's first three rows: the sform if set, else the qform if set, else spacing alone with the first axis
    /// to the left and the grid's centre at the origin (as nibabel does for files without either).
    /// </summary>
    public required IReadOnlyList<double> Affine { get; init; }

    /// <summary>Where the grid lies, in the header's own words.</summary>
    public required NiftiSpace Space { get; init; }

    /// <summary>Code of the qform: above 0 where one is set.</summary>
    public int QuaternionCode => Space.QuaternionCode;

    /// <summary>Code of the sform: above 0 where one is set.</summary>
    public int RowsCode => Space.RowsCode;

    /// <summary>
    /// What the header says of the grid beside <see cref="Affine"/>, where that is the sform: the qform's affine, or, without a qform, the
    /// voxel's sides along the sform's own axes. Null where the sform is not used or nothing else is said.
    /// </summary>
    public IReadOnlyList<double>? OtherAffine { get; init; }

    /// <summary>False where neither sform nor qform is set, so that nothing tells left from right.</summary>
    public bool HasOrientation { get; init; } = true;

    /// <summary>Blocks between header and data.</summary>
    public IReadOnlyList<NiftiExtension> Extensions { get; init; } = [];

    /// <summary>Whether stored numbers are to be changed by slope and intercept.</summary>
    internal bool IsScaled => Slope != 1 || Intercept != 0;

    /// <summary>Numbers in the file: the product of the shape.</summary>
    public long Count => Shape.Aggregate(1L, (product, n) => product * n);

    /// <summary>Bytes of the header itself, without extensions.</summary>
    internal int Size => Version == 1 ? 348 : 540;
}
