using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Takes a block of numbers, in file order, and the index of its first.</summary>
internal delegate void BlockSink<T>(ReadOnlySpan<T> block, long first);

/// <summary>Reads a file's numbers block by block; a block is taken in while the next is being inflated.</summary>
internal sealed class NiftiDecoder(NiftiHeader header, string dataPath)
{
    private readonly int _bytes = header.Type.Bytes();

    /// <summary>Reads all numbers, as they are stored but in this machine's byte order, in blocks of at most <paramref name="block"/>.</summary>
    /// <param name="block">Numbers per block; their bytes fit an array.</param>
    /// <param name="allocate">Called once the file is known to be able to hold them.</param>
    /// <param name="sink">Called for the blocks in order, on another thread, one at a time.</param>
    /// <exception cref="Common.ImageFileException">Truncated or damaged.</exception>
    public void Run(int block, Action allocate, BlockSink<byte> sink)
    {
        var count = header.Count;
        using var source = NiftiSource.Open(dataPath);
        source.MustHold(header.DataOffset + (Int128)count * _bytes);
        source.SkipTo(header.DataOffset);
        allocate();
        var size = checked((int)Math.Min(block, count) * _bytes);
        byte[][] buffers = count <= block ? [Rent(size)] : [Rent(size), Rent(size)];
        var sinking = Task.CompletedTask;
        try
        {
            for (long first = 0, i = 0; first < count; first += block, i++)
            {
                var (buffer, bytes, at) = (buffers[i % buffers.Length], (int)Math.Min(block, count - first) * _bytes, first);
                source.ReadAll(buffer.AsSpan(0, bytes));
                Finish(sinking);
                sinking = Task.Run(() =>
                {
                    var raw = buffer.AsSpan(0, bytes);
                    if (header.SwapsBytes) Swap(raw);
                    sink(raw, at);
                });
            }
            source.VerifyEnd();
        }
        finally
        {
            sinking.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously).Wait(); // it must not outlive its buffer
            foreach (var buffer in buffers) ArrayPool<byte>.Shared.Return(buffer);
        }
        Finish(sinking);
    }

    /// <summary>The same with numbers converted and scaled.</summary>
    /// <inheritdoc cref="Run"/>
    public void Run<T>(int block, Action allocate, BlockSink<T> sink) where T : unmanaged, System.Numerics.IFloatingPoint<T>
    {
        var values = new T[(int)Math.Min(block, header.Count)];
        Run(block, allocate, (raw, first) =>
        {
            var part = values.AsSpan(0, raw.Length / _bytes);
            StoredNumbers.Visit(header.Type, raw, new Scaling<T>(header, part));
            sink(part, first);
        });
    }

    private static byte[] Rent(int bytes) => ArrayPool<byte>.Shared.Rent(bytes);

    private static void Finish(Task task) => task.GetAwaiter().GetResult();

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
