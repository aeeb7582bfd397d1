namespace PUNet.Core.Losses;

/// <summary>Additive α of the focal loss from how rare each class is (method.md, section 3).</summary>
public static class ClassBalance
{
    /// <summary>Published values for CT-ORG (liver, bladder, lungs, kidneys, bone), factor 0.01.</summary>
    public static IReadOnlyList<double> CtOrg { get; } = [0, 0.06171474, 0.74141834, 0.16770616, 0.00349171, 0.20303888];

    /// <summary>Published values for TCIA/BTCV (spleen … duodenum), factor 0.001.</summary>
    public static IReadOnlyList<double> TciaBtcv { get; } =
        [0, 0.07590447, 0.13365165, 0.85956404, 1.67616135, 0.01332489, 0.05445146, 0.29287293, 0.25115765];

    /// <summary><c>factor / mean over subjects of (voxels of the class / voxels of background)</c>, 0 for background.</summary>
    /// <param name="voxels">Per subject, voxels by class label; all of the same length, entry 0 is background.</param>
    /// <param name="factor">0.01 for CT-ORG, 0.001 for TCIA/BTCV.</param>
    /// <returns>By class label; 0 for a class that no subject has (it never occurs as a target).</returns>
    /// <exception cref="ArgumentException">No subject, counts of different lengths, or a subject without background.</exception>
    public static IReadOnlyList<double> Additive(IReadOnlyList<IReadOnlyList<long>> voxels, double factor)
    {
        if (voxels.Count == 0) throw new ArgumentException("Class balance needs at least one subject.", nameof(voxels));
        var classes = voxels[0].Count;
        if (voxels.Any(counts => counts.Count != classes || counts[0] <= 0))
            throw new ArgumentException(
                $"Every subject needs counts for the same {classes} classes and at least one background voxel.", nameof(voxels));
        var additive = new double[classes];
        for (var c = 1; c < classes; c++)
        {
            var share = voxels.Average(counts => (double)counts[c] / counts[0]);
            additive[c] = share > 0 ? factor / share : 0;
        }
        return additive;
    }
}
