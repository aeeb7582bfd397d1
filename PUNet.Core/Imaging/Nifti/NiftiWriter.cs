using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>
/// Writes NIfTI, single files, little-endian: NIfTI-1, or -2 where an axis is longer than NIfTI-1 can say. Compressed where the name
/// ends in .gz. Atomic, and the same input gives the same bytes.
/// </summary>
public static class NiftiWriter
{
    /// <summary>Writes an image; integer types round to the nearest whole number.</summary>
    /// <exception cref="ArgumentException">A value does not fit the type, or a type that is not written (only UInt8, Int16, UInt16,
    /// Float32).</exception>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left behind.</exception>
    public static void Write(string path, Volume volume, NiftiType type = NiftiType.Float32)
    {
        switch (type)
        {
            case NiftiType.Float32: Write(path, volume.Data, volume.Extent, volume.Geometry, type); break;
            case NiftiType.Int16: Write(path, Rounded<short>(volume.Data), volume.Extent, volume.Geometry, type); break;
            case NiftiType.UInt16: Write(path, Rounded<ushort>(volume.Data), volume.Extent, volume.Geometry, type); break;
            case NiftiType.UInt8: Write(path, Rounded<byte>(volume.Data), volume.Extent, volume.Geometry, type); break;
            default: throw new ArgumentException($"Images are written as UInt8, Int16, UInt16 or Float32, not {type}.", nameof(type));
        }
    }

    /// <summary>Writes labels, as UInt8 where all fit, else as UInt16.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">What to write.</param>
    /// <param name="like">A header whose grid the labels have: it says where they lie, in its words (codes, units, version).</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left behind.</exception>
    public static void Write(string path, LabelMap labels, NiftiHeader? like = null)
    {
        if (labels.Data.AsSpan().ContainsAnyExceptInRange<ushort>(0, byte.MaxValue))
            Write(path, labels.Data, labels.Extent, labels.Geometry, NiftiType.UInt16, like);
        else Write(path, Array.ConvertAll(labels.Data, label => (byte)label), labels.Extent, labels.Geometry, NiftiType.UInt8, like);
    }

    /// <summary>Writes an image of 32-bit numbers that lies where another file's does.</summary>
    /// <inheritdoc cref="Write(string, LabelMap, NiftiHeader?)"/>
    public static void Write(string path, Volume volume, NiftiHeader like) =>
        Write(path, volume.Data, volume.Extent, volume.Geometry, NiftiType.Float32, like);

    private static T[] Rounded<T>(float[] values) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var (low, high) = (float.CreateChecked(T.MinValue), float.CreateChecked(T.MaxValue));
        var rounded = new T[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = MathF.Round(values[i]);
            if (!(value >= low && value <= high))
                throw new ArgumentException(
                    FormattableString.Invariant($"An image written as {typeof(T).Name} has values from {low} to {high}; given {values[i]}."));
            rounded[i] = T.CreateTruncating(value);
        }
        return rounded;
    }

    private static void Write<T>(string path, T[] data, Extent extent, Geometry geometry, NiftiType type, NiftiHeader? like = null)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Images are written on little-endian machines only.");
        AtomicFile.Write(path, file =>
        {
            using var stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)
                : null;
            var target = stream ?? file;
            target.Write(Header(extent, geometry, type, like));
            var slice = extent.H * extent.W;
            var slices = (int)Math.Clamp((1 << 20) / slice, 1, 16);
            var block = new T[slices * slice];
            for (var first = 0; first < extent.D; first += slices)
            {
                var part = block.AsSpan(0, Math.Min(slices, extent.D - first) * slice);
                Transposition.ToFortran(data, extent, first, part);
                target.Write(MemoryMarshal.AsBytes(part));
            }
        });
    }

    private static byte[] Header(Extent extent, Geometry geometry, NiftiType type, NiftiHeader? like)
    {
        var second = like?.Version == 2 || extent.ToArray().Any(n => n > short.MaxValue);
        var fields = new NiftiHeaderWriter(second);
        fields.Dimensions(extent);
        fields.Type(type);
        if (like is not null) fields.Space(like.Space);
        else Place(fields, geometry);
        return fields.Bytes;
    }

    private static void Place(NiftiHeaderWriter fields, Geometry geometry)
    {
        var quaternion = NiftiQuaternion.From(geometry);
        fields.Voxel(geometry.Spacing, quaternion?.Handedness ?? 1);
        if (quaternion is { } q) fields.Quaternion(q.B, q.C, q.D, geometry);
        fields.Affine(geometry);
    }
}
