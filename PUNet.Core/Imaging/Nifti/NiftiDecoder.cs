using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PUNet.Core.Imaging;

/// <summary>Takes a block of numbers, in file order, and the index of its first.</summary>
internal delegate void BlockSink<T>(ReadOnlySpan<T> block, long first);

/// <summary>Reads a file's numbers block by block; a block is converted while the next is being inflated.</summary>
internal sealed class NiftiDecoder(NiftiHeader header, string path, string dataPath)
{
    private readonly int _bytes = header.Type.Bytes();

    /// <summary>Reads all numbers in blocks of at most <paramref name="block"/>.</summary>
    /// <param name="block">Numbers per block.</param>
    /// <param name="allocate">Called once the file is known to be able to hold them.</param>
    /// <param name="sink">Called for the blocks in order.</param>
    /// <exception cref="Common.ImageFileException">Truncated or damaged.</exception>
    public void Run<T>(int block, Action allocate, BlockSink<T> sink) where T : unmanaged, IFloatingPoint<T>
    {
        var count = header.Count;
        using var source = NiftiSource.Open(dataPath);
        source.MustHold(header.DataOffset + (Int128)count * _bytes);
        source.SkipTo(header.DataOffset);
        allocate();
        var raw = new[] { new byte[block * (long)_bytes], [] };
        var values = new T[block];
        var converting = Task.CompletedTask;
        try
        {
            for (long first = 0, i = 0; first < count; first += block, i++)
            {
                var n = (int)Math.Min(block, count - first);
                if (i == 1) raw[1] = new byte[raw[0].Length];
                var (buffer, at) = (raw[i % 2], first);
                source.ReadAll(buffer.AsSpan(0, n * _bytes));
                Finish(converting);
                converting = Task.Run(() =>
                {
                    Convert(buffer.AsSpan(0, n * _bytes), values.AsSpan(0, n));
                    sink(values.AsSpan(0, n), at);
                });
            }
            source.VerifyEnd();
        }
        finally
        {
            Finish(converting);
        }
    }

    private static void Finish(Task task) => task.GetAwaiter().GetResult();

    private void Convert<T>(Span<byte> raw, Span<T> values) where T : unmanaged, IFloatingPoint<T>
    {
        if (header.SwapsBytes) Swap(raw);
        switch (header.Type)
        {
            case NiftiType.UInt8: Scale<byte, T>(raw, values); break;
            case NiftiType.Int8: Scale<sbyte, T>(raw, values); break;
            case NiftiType.Int16: Scale<short, T>(raw, values); break;
            case NiftiType.UInt16: Scale<ushort, T>(raw, values); break;
            case NiftiType.Int32: Scale<int, T>(raw, values); break;
            case NiftiType.UInt32: Scale<uint, T>(raw, values); break;
            case NiftiType.Int64: Scale<long, T>(raw, values); break;
            case NiftiType.UInt64: Scale<ulong, T>(raw, values); break;
            case NiftiType.Float32: Scale<float, T>(raw, values); break;
            case NiftiType.Float64: Scale<double, T>(raw, values); break;
            default: throw new InvalidOperationException($"{path}: no conversion for {header.Type}.");
        }
    }

    private void Scale<TStored, T>(ReadOnlySpan<byte> raw, Span<T> values)
        where TStored : unmanaged, INumberBase<TStored>
        where T : unmanaged, IFloatingPoint<T>
    {
        var stored = MemoryMarshal.Cast<byte, TStored>(raw);
        var (slope, intercept) = (header.Slope, header.Intercept);
        if (slope == 1 && intercept == 0)
            for (var i = 0; i < values.Length; i++) values[i] = T.CreateTruncating(stored[i]);
        else
            for (var i = 0; i < values.Length; i++) values[i] = T.CreateTruncating(double.CreateTruncating(stored[i]) * slope + intercept);
    }

    private void Swap(Span<byte> raw)
    {
        switch (_bytes)
        {
            case 2: Reverse(MemoryMarshal.Cast<byte, ushort>(raw), BinaryPrimitives.ReverseEndianness); break;
            case 4: Reverse(MemoryMarshal.Cast<byte, uint>(raw), BinaryPrimitives.ReverseEndianness); break;
            case 8: Reverse(MemoryMarshal.Cast<byte, ulong>(raw), BinaryPrimitives.ReverseEndianness); break;
        }
    }

    private delegate void Reversal<T>(ReadOnlySpan<T> from, Span<T> to);

    private static void Reverse<T>(Span<T> numbers, Reversal<T> reversal) => reversal(numbers, numbers);
}
