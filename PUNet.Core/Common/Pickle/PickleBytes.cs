using System.Buffers.Binary;
using System.Text;

namespace PUNet.Core.Common.Pickle;

/// <summary>Reads operations and their operands from a pickle, and knows where it stands when something is wrong.</summary>
/// <param name="bytes">The pickle.</param>
/// <param name="source">What messages call it.</param>
internal sealed class PickleBytes(ReadOnlyMemory<byte> bytes, string source)
{
    private int _next;
    private int _operation;

    /// <summary>The next operation.</summary>
    public PickleOpcode Operation()
    {
        _operation = _next;
        return (PickleOpcode)Byte();
    }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text(long length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>Text up to the end of the line.</summary>
    public string Line()
    {
        var length = bytes.Span[_next..].IndexOf((byte)'\n');
        if (length < 0) throw Fault("the file ends within a name");
        var line = Text(length);
        _next++;
        return line;
    }

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > bytes.Length - _next) throw Fault("the file ends too early");
        var taken = bytes.Span.Slice(_next, (int)count);
        _next += (int)count;
        return taken;
    }

    /// <summary>What is wrong with the operation that was read last.</summary>
    public CheckpointException Fault(string what, Exception? inner = null) => new($"{source} cannot be read: at byte {_operation} {what}.", inner);
}
