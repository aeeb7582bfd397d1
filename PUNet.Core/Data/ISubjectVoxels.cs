using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>A subject in memory, to cut crops from; however its image is held, crops see normalised intensities. Thread-safe.</summary>
public interface ISubjectVoxels
{
    /// <summary>Name in the dataset.</summary>
    string Id { get; }

    /// <summary>H, W, D.</summary>
    Extent Extent { get; }

    /// <summary>0 background, 1…n classes, <see cref="IgnoredLabel.Value"/> not annotated; C-order [H, W, D].</summary>
    byte[] Labels { get; }

    /// <summary>Smallest normalised intensity.</summary>
    float Minimum { get; }

    /// <summary>Normalised intensities.</summary>
    /// <param name="first">Index of the first voxel, C-order [H, W, D].</param>
    /// <param name="step">From one voxel to the next, at least 1.</param>
    /// <param name="target">Filled.</param>
    void Read(long first, long step, Span<float> target);
}
