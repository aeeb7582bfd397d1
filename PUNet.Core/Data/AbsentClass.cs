using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data;

/// <summary>A class that none of some subjects has: nothing can be learned of it, and it has no score.</summary>
/// <param name="Name">The class.</param>
/// <param name="Subjects">How many subjects there are.</param>
public sealed record AbsentClass(string Name, int Subjects)
{
    /// <summary>Those of the given classes that no subject has a voxel of.</summary>
    /// <param name="subjects">For example the training part, or what was drawn of it.</param>
    /// <param name="names">Foreground class names, in label order.</param>
    /// <param name="labels">The classes that matter.</param>
    public static IReadOnlyList<AbsentClass> Of(
        IReadOnlyCollection<PreparedSubject> subjects, IReadOnlyList<string> names, IEnumerable<int> labels) =>
        [.. labels.Where(label => subjects.All(subject => subject.ClassVoxels[label] == 0))
            .Select(label => new AbsentClass(names[label - 1], subjects.Count))];

    /// <summary>Those of a part of a prepared dataset.</summary>
    /// <param name="prepared">Its folder.</param>
    /// <param name="part">The part.</param>
    /// <param name="names">The classes that matter; what is no class of the dataset does not.</param>
    /// <param name="count">Only so many subjects of the part, which <see cref="AnnotatedSubjects"/> draws; null: all.</param>
    /// <param name="seed">Of the draw.</param>
    public static IReadOnlyList<AbsentClass> In(string prepared, Part part, IEnumerable<string> names, int? count = null, long seed = 0)
    {
        var dataset = PreparedDataset.Open(prepared, DatasetFacet.Of(part));
        var labels = Enumerable.Range(1, dataset.Classes.Count).Where(label => names.Contains(dataset.Classes[label - 1])).ToList();
        return Of(AnnotatedSubjects.Draw(dataset[part], labels, count, seed), dataset.Classes, labels);
    }

    /// <summary>A sentence with the remedy.</summary>
    public string ToString(Part part) =>
        $"No {(part == Part.Train ? "training" : part.ToString().ToLowerInvariant())} subject has the class '{Name}' ({Subjects} looked at). "
        + "Give the part a subject that has it in the split, or leave the class out.";
}
