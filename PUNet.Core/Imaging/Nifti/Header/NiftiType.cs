using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti.Header;

/// <summary>The real data types of NIfTI, by their codes.</summary>
public enum NiftiType
{
    UInt8 = 2,
    Int16 = 4,
    Int32 = 8,
    Float32 = 16,
    Float64 = 64,
    Int8 = 256,
    UInt16 = 512,
    UInt32 = 768,
    Int64 = 1024,
    UInt64 = 1280,
}

/// <summary>Properties of the data types.</summary>
public static class NiftiTypes
{
    /// <summary>Bytes of one voxel.</summary>
    public static int Bytes(this NiftiType type) => type switch
    {
        NiftiType.UInt8 or NiftiType.Int8 => 1,
        NiftiType.Int16 or NiftiType.UInt16 => 2,
        NiftiType.Int32 or NiftiType.UInt32 or NiftiType.Float32 => 4,
        _ => 8,
    };

    /// <summary>False for the floating-point types.</summary>
    public static bool IsInteger(this NiftiType type) => type is not (NiftiType.Float32 or NiftiType.Float64);

    /// <summary>The type of a code.</summary>
    /// <exception cref="ImageFileException">A type this project does not read.</exception>
    internal static NiftiType FromCode(int code, string path)
    {
        if (Enum.IsDefined(typeof(NiftiType), code)) return (NiftiType)code;
        var what = code switch
        {
            32 or 1792 or 2048 => "complex numbers",
            128 or 2304 => "colours (RGB)",
            1536 => "128-bit floating point",
            _ => $"an unknown data type ({code})",
        };
        throw new ImageFileException(
            path, $"holds {what}; only images of real numbers can be read. Convert it to an integer or floating-point image.");
    }
}
