using PUNet.Core.Common;

namespace PUNet.Core.Imaging;

/// <summary>A 3D image with its place in the patient.</summary>
public sealed class Volume
{
    /// <param name="data">Intensities in C-order [H, W, D], D fastest; kept, not copied.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="geometry">Voxel to mm.</param>
    /// <exception cref="ArgumentException">The array's length is not the extent's.</exception>
    public Volume(float[] data, Extent extent, Geometry geometry)
    {
        if (data.Length != extent.Count)
            throw new ArgumentException($"A volume of {extent} has {extent.Count} voxels, not {data.Length}.", nameof(data));
        (Data, Extent, Geometry) = (data, extent, geometry);
    }

    /// <summary>Intensities in C-order [H, W, D].</summary>
    public float[] Data { get; }

    /// <summary>H, W, D: the NIfTI axes 1, 2, 3.</summary>
    public Extent Extent { get; }

    /// <summary>Voxel to mm, RAS+.</summary>
    public Geometry Geometry { get; }

    /// <summary>One intensity.</summary>
    public float this[int h, int w, int d] => Data[((long)h * Extent.W + w) * Extent.D + d];
}
