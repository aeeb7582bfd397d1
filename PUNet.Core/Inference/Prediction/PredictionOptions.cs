using PUNet.Core.Common.Settings;

namespace PUNet.Core.Inference.Prediction;

/// <summary>How new scans are segmented, and what is written of each.</summary>
public sealed record PredictionOptions
{
    /// <summary>Names of the classes to segment; none: all that the model learned.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Names of the classes of whose masks the largest component alone is kept.</summary>
    public IReadOnlyList<string> LargestComponent { get; init; } = [];

    /// <summary>Overlap of neighbouring windows as a share of the window.</summary>
    [Within(0, 0.95, "the next window begins at least a twentieth of a window further")]
    public double Overlap { get; init; } = 0.5;

    /// <summary>A file with the mask of each class beside the label map.</summary>
    public bool Split { get; init; }

    /// <summary>A file with the probability of each class.</summary>
    public bool Probabilities { get; init; }

    /// <summary>A picture of the slices on which the classes are largest.</summary>
    public bool Preview { get; init; }

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this);
}
