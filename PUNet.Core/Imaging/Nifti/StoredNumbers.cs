using System.Numerics;
using System.Runtime.InteropServices;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>What is done with stored numbers, whatever their type.</summary>
internal interface IStoredVisitor
{
    /// <summary>Called with the numbers as the type they are stored as.</summary>
    void Visit<TStored>(ReadOnlySpan<TStored> stored) where TStored : unmanaged, INumberBase<TStored>;
}

/// <summary>From the type code of a file to the type of its numbers.</summary>
internal static class StoredNumbers
{
    /// <summary>Shows numbers in this machine's byte order to a visitor.</summary>
    public static void Visit<TVisitor>(NiftiType type, ReadOnlySpan<byte> raw, TVisitor visitor) where TVisitor : IStoredVisitor, allows ref struct
    {
        switch (type)
        {
            case NiftiType.UInt8: visitor.Visit(raw); break;
            case NiftiType.Int8: visitor.Visit(MemoryMarshal.Cast<byte, sbyte>(raw)); break;
            case NiftiType.Int16: visitor.Visit(MemoryMarshal.Cast<byte, short>(raw)); break;
            case NiftiType.UInt16: visitor.Visit(MemoryMarshal.Cast<byte, ushort>(raw)); break;
            case NiftiType.Int32: visitor.Visit(MemoryMarshal.Cast<byte, int>(raw)); break;
            case NiftiType.UInt32: visitor.Visit(MemoryMarshal.Cast<byte, uint>(raw)); break;
            case NiftiType.Int64: visitor.Visit(MemoryMarshal.Cast<byte, long>(raw)); break;
            case NiftiType.UInt64: visitor.Visit(MemoryMarshal.Cast<byte, ulong>(raw)); break;
            case NiftiType.Float32: visitor.Visit(MemoryMarshal.Cast<byte, float>(raw)); break;
            case NiftiType.Float64: visitor.Visit(MemoryMarshal.Cast<byte, double>(raw)); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "Not one of the real types.");
        }
    }
}
