using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Metrics;
using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Inference.Components;

/// <summary>Of which classes the largest component alone is kept.</summary>
internal static class ComponentChoice
{
    /// <summary>Labels of those classes, as the options have it.</summary>
    /// <param name="options">Rule, part, overlap.</param>
    /// <param name="classes">Labels of the classes that are segmented.</param>
    /// <param name="model">What segments them.</param>
    /// <param name="dataset">Opened with the validation part, where the rule needs it.</param>
    /// <param name="cancellation">Ends it between subjects.</param>
    public static IReadOnlyList<int> Of(
        EvaluationOptions options, IReadOnlyList<int> classes, AdaptedModel model, PreparedDataset dataset, CancellationToken cancellation) =>
        options.Components switch
        {
            ComponentRule.All => [],
            ComponentRule.Largest => classes,
            ComponentRule.ByValidation => options.Reads().Count > 1 ? ByValidation(options, classes, model, dataset, cancellation) : [],
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Components, "No such rule."),
        };

    private static IReadOnlyList<int> ByValidation(
        EvaluationOptions options, IReadOnlyList<int> classes, AdaptedModel model, PreparedDataset dataset, CancellationToken cancellation)
    {
        var gains = classes.ToDictionary(label => label, _ => 0.0);
        var segmentation = new ModelSegmentation(model, classes, options, []);
        foreach (var found in dataset[Part.Validation])
        {
            cancellation.ThrowIfCancellationRequested();
            var subject = dataset.Load(found.Id, model.Normalisation);
            segmentation.Segment(subject, Compare, cancellation);

            void Compare(int label, bool[] mask)
            {
                if (Overlap.Of(mask, subject.Labels, label) is not { Reference: > 0 } whole) return;
                var largest = Overlap.Of(LargestComponent.Of(mask, subject.Extent), subject.Labels, label);
                gains[label] += (largest.Dice ?? 0) - (whole.Dice ?? 0);
            }
        }
        return [.. classes.Where(label => gains[label] > 0)];
    }
}
