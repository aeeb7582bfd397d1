using System.Buffers.Binary;
using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>Reads the fixed part of a NIfTI header from its bytes.</summary>
internal readonly ref struct NiftiHeaderReader
{
    private const int FirstSize = 348;
    private const int SecondSize = 540;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _path;
    private readonly bool _big;
    private readonly bool _second;

    private NiftiHeaderReader(ReadOnlySpan<byte> bytes, string path, bool big, bool second)
    {
        _bytes = bytes;
        _path = path;
        _big = big;
        _second = second;
    }

    /// <summary>Understands the header at the start of <paramref name="bytes"/> (at most 540 are needed).</summary>
    /// <exception cref="ImageFileException">Not NIfTI, a type that cannot be read, or an impossible shape.</exception>
    public static NiftiHeader Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < FirstSize) throw new ImageFileException(path, $"is no NIfTI file: {bytes.Length} bytes are less than a header.");
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var big = size is not (FirstSize or SecondSize);
        if (big) size = BinaryPrimitives.ReverseEndianness(size);
        if (size is not (FirstSize or SecondSize))
            throw new ImageFileException(path, "is no NIfTI file: it does not begin with a header's size (348 or 540).");
        if (bytes.Length < size) throw new ImageFileException(path, $"is no NIfTI file: {bytes.Length} bytes are less than a header.");
        return new NiftiHeaderReader(bytes, path, big, size == SecondSize).Read();
    }

    private NiftiHeader Read()
    {
        var magic = _second ? _bytes.Slice(4, 8) : _bytes.Slice(344, 4);
        var isPair = magic.SequenceEqual(_second ? "ni2\0\r\n\x1a\n"u8 : "ni1\0"u8);
        if (!isPair && !magic.SequenceEqual(_second ? "n+2\0\r\n\x1a\n"u8 : "n+1\0"u8))
            throw new ImageFileException(_path, "is not NIfTI but perhaps Analyze 7.5, which does not tell left from right. Convert it to NIfTI.");
        if (_second && Int(504) is >= 3000 and < 3100)
            throw new ImageFileException(_path, "is a CIFTI file (surface data), not a volume.");
        var type = NiftiTypes.FromCode(Short(_second ? 12 : 70), _path);
        var shape = Shape();
        var slope = _second ? Double(176) : Float(112);
        var intercept = _second ? Double(184) : Float(116);
        var scaled = slope != 0 && !double.IsNaN(slope);
        if (scaled && !(double.IsFinite(slope) && double.IsFinite(intercept)))
        {
            var scaling = FormattableString.Invariant($"slope {slope} and intercept {intercept}");
            throw new ImageFileException(_path, $"scales its numbers by {scaling}, not finite numbers (a slope of 0 means none). Convert it again.");
        }
        var offset = _second ? Long(168) : Offset(Float(108));
        var least = isPair ? 0 : (_second ? SecondSize : FirstSize) + 4;
        if (offset < 0) throw new ImageFileException(_path, $"says that its data begin at byte {offset}; the header is damaged.");
        return new NiftiHeader
        {
            Version = _second ? 2 : 1,
            IsPair = isPair,
            SwapsBytes = _big == BitConverter.IsLittleEndian,
            Shape = shape,
            Type = type,
            DataOffset = Math.Max(offset, least),
            Slope = scaled ? slope : 1,
            Intercept = scaled ? intercept : 0,
            Affine = Affine(shape),
            Space = Space(),
            OtherAffine = OtherAffine(),
            HasOrientation = Codes is not ( <= 0, <= 0),
        };
    }

    private long Offset(float value) =>
        float.IsFinite(value) && value < long.MaxValue
            ? (long)value
            : throw new ImageFileException(_path, "says nothing sensible about where its data begin; the header is damaged.");

    private long[] Shape()
    {
        var axes = _second ? Long(16) : Short(40);
        if (axes is < 1 or > 7) throw new ImageFileException(_path, $"says that it has {axes} axes; NIfTI has 1 to 7.");
        var shape = new long[axes];
        for (var i = 0; i < axes; i++) shape[i] = _second ? Long(24 + 8 * i) : Short(42 + 2 * i);
        if (!_second && axes >= 3) SurfaceShape(shape);
        if (shape.Any(n => n < 1))
            throw new ImageFileException(_path, $"has an axis without voxels: {string.Join("×", shape)}; the header is damaged.");
        if (shape.Aggregate(1.0, (product, n) => product * n) > 1e17)
            throw new ImageFileException(_path, $"says that it has {string.Join("×", shape)} numbers; the header is damaged.");
        return shape;
    }

    /// <summary>FreeSurfer's two ways to store a surface's vertices in a header whose lengths are 16-bit numbers.</summary>
    private void SurfaceShape(long[] shape)
    {
        if (shape[0] == -1 && shape[1] == 1 && shape[2] == 1) shape[0] = Int(144);
        else if (shape[0] == 27307 && shape[1] == 1 && shape[2] == 6) (shape[0], shape[2]) = (163842, 1);
    }

    /// <summary>Codes of qform and sform; 0 where one is not set.</summary>
    private (int Quaternion, int Rows) Codes => _second ? (Int(344), Int(348)) : (Short(252), Short(254));

    private NiftiSpace Space() => new(
        Numbers(76, 104, 4), Codes.Quaternion, Numbers(256, 352, 6), Codes.Rows, Rows(), _second ? Int(500) : _bytes[123]);

    private double[] Affine(long[] shape)
    {
        var (quaternion, explicitRows) = Codes;
        var read = explicitRows > 0 ? Rows() : null;
        read ??= quaternion > 0 ? Quaternion() : Centred(shape);
        return read.All(double.IsFinite)
            ? read
            : throw new ImageFileException(_path, "has an affine with values that are not finite; the header is damaged.");
    }

    /// <summary>See <see cref="NiftiHeader.OtherAffine"/>.</summary>
    private double[]? OtherAffine()
    {
        var (quaternion, explicitRows) = Codes;
        if (explicitRows <= 0) return null;
        var other = quaternion > 0 ? Quaternion() : Stretched();
        return other is not null && other.All(double.IsFinite) ? other : null;
    }

    /// <summary>The sform with its axes as long as the voxel's sides; null where these or the axes are not given.</summary>
    private double[]? Stretched()
    {
        var rows = Rows();
        for (var axis = 0; axis < 3; axis++)
        {
            var length = Math.Sqrt(rows[axis] * rows[axis] + rows[4 + axis] * rows[4 + axis] + rows[8 + axis] * rows[8 + axis]);
            var factor = Math.Abs(Pixdim(axis + 1)) / length;
            if (!(factor > 0 && double.IsFinite(factor))) return null;
            for (var r = 0; r < 3; r++) rows[4 * r + axis] *= factor;
        }
        return rows;
    }

    private double[] Quaternion() =>
        NiftiQuaternion.ToAffine(Number(256, 352, 0), Number(256, 352, 1), Number(256, 352, 2), Voxel(), Origin(), Pixdim(0) < 0 ? -1 : 1);

    private double[] Rows() => Numbers(280, 400, 12);

    private double[] Centred(long[] shape)
    {
        var voxel = Voxel();
        var rows = new double[12];
        for (var axis = 0; axis < 3; axis++)
        {
            var step = axis == 0 ? -voxel[axis] : voxel[axis];
            rows[5 * axis] = step;
            rows[4 * axis + 3] = -step * ((axis < shape.Length ? shape[axis] : 1) - 1) / 2.0;
        }
        return rows;
    }

    private double[] Voxel()
    {
        var voxel = new double[3];
        for (var axis = 0; axis < 3; axis++) voxel[axis] = Math.Abs(Pixdim(axis + 1)) is > 0 and var step ? step : 1;
        return voxel;
    }

    private double[] Origin() => Numbers(268, 376, 3);

    private double Pixdim(int i) => Number(76, 104, i);

    private double[] Numbers(int first, int second, int count)
    {
        var numbers = new double[count];
        for (var i = 0; i < count; i++) numbers[i] = Number(first, second, i);
        return numbers;
    }

    /// <summary>The i-th of a row of numbers: 32-bit at the first offset in NIfTI-1, 64-bit at the second in NIfTI-2.</summary>
    private double Number(int first, int second, int i) => _second ? Double(second + 8 * i) : Float(first + 4 * i);

    private short Short(int at) => _big ? BinaryPrimitives.ReadInt16BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt16LittleEndian(_bytes[at..]);

    private int Int(int at) => _big ? BinaryPrimitives.ReadInt32BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);

    private long Long(int at) => _big ? BinaryPrimitives.ReadInt64BigEndian(_bytes[at..]) : BinaryPrimitives.ReadInt64LittleEndian(_bytes[at..]);

    private float Float(int at) => BitConverter.Int32BitsToSingle(Int(at));

    private double Double(int at) => BitConverter.Int64BitsToDouble(Long(at));
}
