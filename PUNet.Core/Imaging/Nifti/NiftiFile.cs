using System.Buffers.Binary;
using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>
/// Reads NIfTI-1 and -2: one file or a pair, plain or gzip, both byte orders, all real types.
/// Complex numbers, colours and Analyze are refused; never more memory is taken than the file can fill.
/// </summary>
public sealed class NiftiFile
{
    private const int ScanBlock = 1 << 18;
    private const int LargestBlock = 1 << 24; // bytes; one slice if that is more

    private readonly string _dataPath;

    private NiftiFile(string path, string dataPath, NiftiHeader header) => (Path, _dataPath, Header) = (path, dataPath, header);

    /// <summary>As it was opened.</summary>
    public string Path { get; }

    /// <summary>The header, made sound.</summary>
    public NiftiHeader Header { get; }

    /// <summary>Voxels along the three axes of space; a 2D image has depth 1.</summary>
    /// <exception cref="ImageFileException">More than one volume, or more voxels than an array can hold.</exception>
    public Extent Extent
    {
        get
        {
            var shape = Header.Shape;
            var volumes = shape.Skip(3).Aggregate(1L, (product, n) => product * n);
            if (volumes != 1)
                throw new ImageFileException(
                    Path, $"holds {volumes} volumes ({string.Join("×", shape)}) where one is needed. Extract one volume to a file of its own.");
            MustFit();
            return Extent.From(axis => axis < shape.Count ? (int)shape[axis] : 1);
        }
    }

    /// <summary>Where the grid lies.</summary>
    /// <exception cref="ImageFileException">The file's affine is singular.</exception>
    public Geometry Geometry
    {
        get
        {
            try { return new Geometry(Header.Affine); }
            catch (ArgumentException e) { throw new ImageFileException(Path, $"has no usable affine: {e.Message} Repair its header.", e); }
        }
    }

    /// <summary>The files that are read for an image: one, or the header and the data of a pair.</summary>
    /// <exception cref="ImageFileException">The name is no NIfTI file's, or half of a pair is missing.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        var (header, data) = NiftiPaths.Of(path);
        return header == data ? [header] : [header, data];
    }

    /// <summary>How far qform (or, without one, the voxel's sides) and sform disagree, as the rest of a sentence; null where they agree.</summary>
    /// <exception cref="ImageFileException">See <see cref="Geometry"/> and <see cref="Extent"/>.</exception>
    public string? Disagreement
    {
        get
        {
            if (Header.OtherAffine is not { } rows) return null;
            var (used, extent) = (Geometry, Extent);
            var said = Header.QuaternionCode > 0 ? $"qform (code {Header.QuaternionCode})" : "voxel size";
            var both = $"has an sform (code {Header.RowsCode}) and a {said}";
            try
            {
                var other = new Geometry(rows);
                var distance = used.LargestDistance(other, extent);
                if (distance <= used.HeaderTolerance) return null;
                return FormattableString.Invariant($"{both} that disagree: {used} against {other}, up to {distance:0.##} mm apart");
            }
            catch (ArgumentException)
            {
                return $"{both} that is no grid at all";
            }
        }
    }

    /// <summary>Reads and checks the header. A pair may be named by either file.</summary>
    /// <exception cref="ImageFileException">Missing, not NIfTI, damaged, or of a kind that cannot be read.</exception>
    public static NiftiFile Open(string path)
    {
        var (headerPath, dataPath) = NiftiPaths.Of(path);
        using var source = NiftiSource.Open(headerPath);
        var bytes = new byte[540];
        var read = source.Read(bytes.AsSpan(0, 348));
        if (read == 348 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is not 348 and not 0x5C010000) read += source.Read(bytes.AsSpan(348));
        var header = NiftiHeaderReader.Read(bytes.AsSpan(0, read), path);
        if (header.IsPair != (headerPath != dataPath))
            throw new ImageFileException(
                path, header.IsPair ? "is the header of a pair; name it .hdr with its data in .img." : "is a whole NIfTI file; name it .nii.");
        header = header with { Extensions = NiftiExtensions.Read(source, header) };
        return new NiftiFile(path, dataPath, header);
    }

    /// <summary>Reads one file's image.</summary>
    /// <exception cref="ImageFileException">See <see cref="Open"/>; also a truncated or damaged file, or several volumes.</exception>
    public static Volume ReadVolume(string path) => Open(path).ReadVolume();

    /// <summary>Reads one file's labels.</summary>
    /// <exception cref="ImageFileException">See <see cref="ReadVolume(string)"/>; also values that are not whole numbers in 0…65535.</exception>
    public static LabelMap ReadLabels(string path) => Open(path).ReadLabels();

    /// <summary>The image, scaled by slope and intercept.</summary>
    public Volume ReadVolume()
    {
        var (extent, geometry) = (Extent, Geometry);
        return new Volume(
            Decode<float>(extent, (raw, slices) => StoredNumbers.Visit(Header.Type, raw, new IntensityConversion(Header, slices))), extent, geometry);
    }

    /// <summary>The labels.</summary>
    public LabelMap ReadLabels()
    {
        var (extent, geometry) = (Extent, Geometry);
        return new LabelMap(
            Decode<ushort>(extent, (raw, slices) => StoredNumbers.Visit(Header.Type, raw, new LabelConversion(Header, slices, Path))), extent,
            geometry);
    }

    /// <summary>All numbers of all volumes in the file's own (Fortran) order, scaled, in double precision.</summary>
    public double[] ReadValues()
    {
        MustFit();
        double[] values = [];
        Decoder.Run<double>(ScanBlock, () => values = new double[Header.Count], (block, first) => block.CopyTo(values.AsSpan((int)first)));
        return values;
    }

    /// <summary>Passes all numbers of all volumes, scaled, in the file's own order, block by block: for what needs no volume in memory.</summary>
    internal void Scan(BlockSink<float> sink) => Decoder.Run(ScanBlock, () => { }, sink);

    private NiftiDecoder Decoder => new(Header, _dataPath);

    private T[] Decode<T>(Extent extent, SliceFilling<T> fill) where T : unmanaged
    {
        var slice = extent.H * extent.W;
        var slices = Math.Clamp(LargestBlock / (slice * Header.Type.Bytes()), 1, Math.Min(VolumeSlices<T>.Best, extent.D));
        T[] volume = [];
        Decoder.Run(
            slice * slices, () => volume = GC.AllocateUninitializedArray<T>((int)extent.Count),
            (raw, first) => fill(raw, new(volume, extent, (int)(first / slice))));
        return volume;
    }

    private void MustFit()
    {
        var most = Array.MaxLength / 8;
        if (Header.Count > (Header.Shape.Count > 2 ? Array.MaxLength : most)
            || Header.Shape.Take(2).Aggregate(1L, (product, n) => product * n) > most)
            throw new ImageFileException(
                Path,
                $"has {Header.Count:N0} numbers ({string.Join("×", Header.Shape)}); at most {Array.MaxLength:N0} can be read, "
                + $"and {most:N0} in a slice. Crop or resample it.");
    }

    private delegate void SliceFilling<T>(ReadOnlySpan<byte> raw, VolumeSlices<T> slices) where T : unmanaged;
}
