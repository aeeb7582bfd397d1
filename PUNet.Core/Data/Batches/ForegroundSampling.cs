namespace PUNet.Core.Data.Batches;

/// <summary>How a voxel of a class is drawn, on which a crop is centred.</summary>
public enum ForegroundSampling
{
    /// <summary>Each voxel equally likely, so that slices are drawn as often as they show much of the class.</summary>
    Voxels,

    /// <summary>Each slice that shows the class equally likely, then a voxel of it: the ends of an organ are seen as often as its middle.</summary>
    Slices,
}
