using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Inference;

/// <summary>
/// One label map from the masks of several classes. Where masks overlap, the class with the larger margin wins: for classes
/// segmented one by one that is the one with the higher foreground probability, and for classes of one pass its argmax. Of
/// equal margins the class that was added first wins.
/// </summary>
/// <param name="voxels">Voxels of the map.</param>
public sealed class MarginMerge(long voxels)
{
    private readonly float[] _best = new float[voxels];

    /// <summary>The label of every voxel; 0 where no class has a positive margin.</summary>
    public byte[] Labels { get; } = new byte[voxels];

    /// <summary>Turns the margins of all but the largest component of a class's mask round.</summary>
    /// <param name="margins">Its margin at every voxel, changed in place.</param>
    /// <param name="extent">H, W, D.</param>
    internal static void KeepLargest(float[] margins, Extent extent)
    {
        var kept = LargestComponent.Of(Array.ConvertAll(margins, margin => margin > 0), extent);
        for (var i = 0; i < margins.Length; i++)
            if (margins[i] > 0 && !kept[i]) margins[i] = -margins[i];
    }

    /// <summary>Adds a class.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="margins">Its margin at every voxel.</param>
    public void Add(int label, ReadOnlySpan<float> margins)
    {
        if (margins.Length != _best.Length)
            throw new ArgumentException($"There are {margins.Length} margins for a map of {_best.Length} voxels.", nameof(margins));
        for (var v = 0; v < margins.Length; v++)
        {
            if (margins[v] <= _best[v]) continue;
            _best[v] = margins[v];
            Labels[v] = (byte)label;
        }
    }
}
