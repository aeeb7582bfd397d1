using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>A 3D map of labels 0…65535 with its place in the patient; 0 is background.</summary>
public sealed class LabelMap
{
    /// <param name="data">Labels in C-order [H, W, D], D fastest; kept, not copied.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="geometry">Voxel to mm.</param>
    /// <exception cref="ArgumentException">The array's length is not the extent's.</exception>
    public LabelMap(ushort[] data, Extent extent, Geometry geometry)
    {
        if (data.Length != extent.Count)
            throw new ArgumentException($"A label map of {extent} has {extent.Count} voxels, not {data.Length}.", nameof(data));
        (Data, Extent, Geometry) = (data, extent, geometry);
    }

    /// <summary>Labels in C-order [H, W, D].</summary>
    public ushort[] Data { get; }

    /// <summary>H, W, D: the NIfTI axes 1, 2, 3.</summary>
    public Extent Extent { get; }

    /// <summary>Voxel to mm, RAS+.</summary>
    public Geometry Geometry { get; }

    /// <summary>One label.</summary>
    public ushort this[int h, int w, int d] => Data[((long)h * Extent.W + w) * Extent.D + d];
}
