using System.Buffers.Binary;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Tests.Imaging;

/// <summary>NIfTI files byte by byte, written independently of the project's own writer: any version, byte order and type.</summary>
internal sealed class NiftiBytes(int version, bool big, bool pair)
{
    private readonly byte[] _header = new byte[version == 1 ? 348 : 540];

    public static readonly long[] Shape = [3, 2, 4];

    /// <summary>Header with the four bytes after it and extensions, then data where both lie in one file.</summary>
    public (byte[] Header, byte[] Data) Make(
        NiftiType type, double slope, double intercept, short quaternion, short rows, bool singletonAxis, (int Code, byte[] Bytes)[] extensions)
    {
        var first = version == 1;
        Int(0, _header.Length);
        (first ? (pair ? "ni1\0"u8 : "n+1\0"u8) : (pair ? "ni2\0\r\n\x1a\n"u8 : "n+2\0\r\n\x1a\n"u8)).CopyTo(_header.AsSpan(first ? 344 : 4));
        long[] axes = [singletonAxis ? 4 : 3, .. Shape, 1, 1, 1, 1];
        for (var i = 0; i < 8; i++)
            if (first) Short(40 + 2 * i, (short)axes[i]);
            else Long(16 + 8 * i, axes[i]);
        Short(first ? 70 : 12, (short)type);
        Short(first ? 72 : 14, (short)(8 * type.Bytes()));
        double[] voxel = [-1, 2, 3, 4]; // left-handed, for the qform
        for (var i = 0; i < 4; i++) Number(76 + 4 * i, 104 + 8 * i, voxel[i]);
        Number(112, 176, slope);
        Number(116, 184, intercept);
        foreach (var (at, code) in first ? new[] { (252, quaternion), (254, rows) } : [(344, quaternion), (348, rows)])
            if (first) Short(at, code);
            else Int(at, code);
        double[] origin = [10, 20, 30], affine = [0, 5, 0, 1, 6, 0, 0, 2, 0, 0, 7, 3];
        for (var i = 0; i < 3; i++) Number(268 + 4 * i, 376 + 8 * i, origin[i]); // the quaternion stays 0: no rotation
        for (var i = 0; i < 12; i++) Number(280 + 4 * i, 400 + 8 * i, affine[i]);
        var after = new List<byte>();
        foreach (var (code, bytes) in extensions)
        {
            var block = new byte[8];
            Write(block, 8 + bytes.Length);
            Write(block.AsSpan(4), code);
            after.AddRange([.. block, .. bytes]);
        }
        var offset = pair ? 0 : _header.Length + 4 + after.Count;
        if (first) Number(108, 0, offset);
        else Long(168, offset);
        byte[] whole = [.. _header, (byte)(extensions.Length > 0 ? 1 : 0), 0, 0, 0, .. after];
        var data = Data(type);
        return pair ? (whole, data) : ([.. whole, .. data], []);
    }

    /// <summary>The numbers 1, 2 … 24 in file order.</summary>
    private byte[] Data(NiftiType type)
    {
        var bytes = new List<byte>();
        for (var i = 1; i <= 24; i++)
        {
            byte[] number = type switch
            {
                NiftiType.UInt8 or NiftiType.Int8 => [(byte)i],
                NiftiType.Int16 or NiftiType.UInt16 => BitConverter.GetBytes((short)i),
                NiftiType.Int32 or NiftiType.UInt32 => BitConverter.GetBytes(i),
                NiftiType.Float32 => BitConverter.GetBytes((float)i),
                NiftiType.Float64 => BitConverter.GetBytes((double)i),
                _ => BitConverter.GetBytes((long)i),
            };
            bytes.AddRange(big == BitConverter.IsLittleEndian ? number.Reverse() : number);
        }
        return [.. bytes];
    }

    private void Short(int at, short value) => (big ? BinaryPrimitives.ReverseEndianness(value) : value).CopyInto(_header, at, BitConverter.GetBytes);

    private void Int(int at, int value) => Write(_header.AsSpan(at), value);

    private void Long(int at, long value) => (big ? BinaryPrimitives.ReverseEndianness(value) : value).CopyInto(_header, at, BitConverter.GetBytes);

    private void Number(int first, int second, double value)
    {
        if (version == 1) Int(first, BitConverter.SingleToInt32Bits((float)value));
        else Long(second, BitConverter.DoubleToInt64Bits(value));
    }

    private void Write(Span<byte> target, int value)
    {
        if (big) BinaryPrimitives.WriteInt32BigEndian(target, value);
        else BinaryPrimitives.WriteInt32LittleEndian(target, value);
    }
}

file static class Copying
{
    public static void CopyInto<T>(this T value, byte[] target, int at, Func<T, byte[]> bytes) => bytes(value).CopyTo(target, at);
}
