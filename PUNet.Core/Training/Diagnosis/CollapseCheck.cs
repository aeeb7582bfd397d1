using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// Whether a tuned network has collapsed: whether it predicts (nearly) nothing of a new class, or nearly everything as it, even on the
/// subjects that it was trained on.
/// </summary>
internal sealed class CollapseCheck
{
    private const int MostCrops = 32;
    private const double Smallest = 0.05;
    private const double Largest = 20;
    private readonly SegmentationNetwork _network;
    private readonly IReadOnlyList<int> _learned;
    private readonly CropSegmentation _segmentation;

    /// <param name="network">As it was tuned.</param>
    /// <param name="card">Of its backbone.</param>
    /// <param name="learned">Labels of the new classes, ascending.</param>
    public CollapseCheck(SegmentationNetwork network, ModelCard card, IReadOnlyList<int> learned)
    {
        (_network, _learned) = (network, learned);
        _segmentation = new CropSegmentation(network, card, learned);
    }

    private bool HasFixedLayer => _network.Configuration.FixedOutputChannels is not null;

    /// <summary>A warning for every new class whose predicted volume is far from the annotated one.</summary>
    /// <param name="subjects">The training subjects.</param>
    /// <param name="load">Gives one's voxels.</param>
    /// <param name="classes">Names of the dataset's classes.</param>
    /// <param name="random">Draws the crops.</param>
    public IReadOnlyList<TuningWarning> Warnings(
        IReadOnlyList<PreparedSubject> subjects, Func<string, ISubjectVoxels> load, IReadOnlyList<string> classes, RandomStream random)
    {
        var found = new List<TuningWarning>();
        foreach (var label in _learned)
        {
            var crops = new DiagnosticCrops(subjects, [label], MostCrops, _network.Configuration.StudentPatch, random.Child($"class/{label}"));
            var volumes = _segmentation.Of(label, crops, load);
            if (Judge(classes[label - 1], volumes.Prediction, volumes.Reference, HasFixedLayer) is { } text) found.Add(new(label, text));
        }
        return found;
    }

    /// <summary>What there is to say of a class; null where the volumes are of one order.</summary>
    internal static string? Judge(string name, long predicted, long annotated, bool hasFixedLayer)
    {
        var ratio = (double)predicted / annotated;
        if (annotated == 0 || ratio is >= Smallest and <= Largest) return null;
        var few = ratio < Smallest;
        var what = predicted == 0 ? $"predicts nothing of {name} on crops of its own training subjects."
            : few ? $"predicts (nearly) nothing of {name} on crops of its own training subjects: {Number("0.0 %")} of its voxels."
            : $"predicts far too much as {name} on crops of its own training subjects: {Number("0")} times its voxels.";
        var (weight, rate) = (few ? "more" : "less", few ? "a higher" : "a lower");
        return $"{what} Try {weight} weight for the class (ratio_factor), more steps (epochs, crops_per_epoch), "
            + (hasFixedLayer ? $"or {rate} body_rate." : $"{rate} prompt_rate, or another logit_scale.");

        string Number(string format) => ratio.ToString(format, CultureInfo.InvariantCulture);
    }
}
