using PUNet.Core.Common;

namespace PUNet.Core.Inference;

/// <summary>How a volume is covered with windows. Defaults: the paper's evaluation in 2D.</summary>
public sealed record SlidingWindowOptions
{
    /// <summary>Extent of a window, in voxels.</summary>
    public Extent Window { get; init; } = new(224, 224, 1);

    /// <summary>Overlap of neighbouring windows as a share of the window, in [0, 1).</summary>
    public double Overlap { get; init; } = 0.5;

    public Blending Blending { get; init; } = Blending.Constant;

    /// <summary>Most windows given to the predictor at once.</summary>
    public int WindowsPerBatch { get; init; } = 4;

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IEnumerable<string> Faults()
    {
        if (Math.Min(Window.H, Math.Min(Window.W, Window.D)) < 1)
            yield return $"the sliding window must have at least one voxel per axis, not {Window}.";
        if (!(Overlap >= 0 && Overlap < 1)) yield return $"the overlap of sliding windows must lie in [0, 1), not {Overlap}.";
        if (WindowsPerBatch < 1) yield return $"there must be at least one window per batch, not {WindowsPerBatch}.";
    }
}
