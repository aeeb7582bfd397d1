using System.Buffers.Binary;
using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>Fills a little-endian header of a single file without extensions.</summary>
internal sealed class NiftiHeaderWriter
{
    private const short ScannerSpace = 1;
    private const byte Millimetres = 2;

    private readonly bool _second;

    /// <param name="second">NIfTI-2 instead of NIfTI-1.</param>
    public NiftiHeaderWriter(bool second)
    {
        _second = second;
        var size = second ? 540 : 348;
        Bytes = new byte[size + 4]; // no extension
        Int(0, size);
        if (second) "n+2\0\r\n\x1a\n"u8.CopyTo(Bytes.AsSpan(4));
        else "n+1\0"u8.CopyTo(Bytes.AsSpan(344));
        if (second) Long(168, Bytes.Length);
        else Float(108, Bytes.Length);
        Number(112, 176, 0, 1); // slope; the intercept stays 0
        Units(Millimetres);
    }

    /// <summary>Header and the four bytes that say "no extension".</summary>
    public byte[] Bytes { get; }

    /// <summary>Three axes.</summary>
    public void Dimensions(Extent extent)
    {
        long[] shape = [3, extent.H, extent.W, extent.D, 1, 1, 1, 1];
        for (var i = 0; i < shape.Length; i++)
            if (_second) Long(16 + 8 * i, shape[i]);
            else Short(40 + 2 * i, (short)shape[i]);
    }

    /// <summary>Type of the numbers.</summary>
    public void Type(NiftiType type)
    {
        Short(_second ? 12 : 70, (short)type);
        Short(_second ? 14 : 72, (short)(8 * type.Bytes()));
    }

    /// <summary>Where another header's grid lies, in its words.</summary>
    public void Space(NiftiSpace space)
    {
        Numbers(76, 104, space.Sides);
        Code(252, 344, space.QuaternionCode);
        Numbers(256, 352, space.Quaternion);
        Code(254, 348, space.RowsCode);
        Numbers(280, 400, space.Rows);
        Units(space.Units);
    }

    /// <summary>Voxel size in mm; the handedness belongs to the qform.</summary>
    public void Voxel(Spacing spacing, int handedness)
    {
        Number(76, 104, 0, handedness);
        for (var axis = 0; axis < 3; axis++) Number(76, 104, axis + 1, spacing[axis]);
    }

    /// <summary>The qform: rotation and origin.</summary>
    public void Quaternion(double b, double c, double d, Geometry geometry)
    {
        Code(252, 344, ScannerSpace);
        Numbers(256, 352, [b, c, d, geometry[0, 3], geometry[1, 3], geometry[2, 3]]);
    }

    /// <summary>The sform: the affine as it is.</summary>
    public void Affine(Geometry geometry)
    {
        Code(254, 348, ScannerSpace);
        Numbers(280, 400, geometry.ToArray());
    }

    private void Code(int first, int second, int code)
    {
        if (_second) Int(second, code);
        else Short(first, (short)code);
    }

    private void Units(int units)
    {
        if (_second) Int(500, units);
        else Bytes[123] = (byte)units;
    }

    private void Numbers(int first, int second, IReadOnlyList<double> values)
    {
        for (var i = 0; i < values.Count; i++) Number(first, second, i, values[i]);
    }

    private void Number(int first, int second, int i, double value)
    {
        if (_second) Long(second + 8 * i, BitConverter.DoubleToInt64Bits(value));
        else Float(first + 4 * i, (float)value);
    }

    private void Short(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(Bytes.AsSpan(at), value);

    private void Int(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(Bytes.AsSpan(at), value);

    private void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(at), value);

    private void Float(int at, float value) => BinaryPrimitives.WriteSingleLittleEndian(Bytes.AsSpan(at), value);
}
