using PUNet.Core.Common;
using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data;

/// <summary>Which subjects a training from few annotated ones takes ("k shots"): drawn by a seed, as few-shot results vary with the choice.</summary>
public static class AnnotatedSubjects
{
    /// <summary>
    /// Draws subjects without replacement. The draw of one seed is nested: one subject is among the five, and the five among the ten.
    /// Each is the next at random among those with most of the classes that no earlier one has; once every class has a subject, among those
    /// with most of the classes. So where some subjects have all the classes, every order of these is equally likely, before the others come.
    /// </summary>
    /// <param name="subjects">Of the training part.</param>
    /// <param name="labels">Of the classes that are to be learned.</param>
    /// <param name="count">k; null: all.</param>
    /// <param name="seed">Of the training.</param>
    /// <returns>The drawn ones, in the order in which they were given; all where there are no more than k.</returns>
    public static IReadOnlyList<PreparedSubject> Draw(
        IReadOnlyList<PreparedSubject> subjects, IReadOnlyCollection<int> labels, int? count, long seed)
    {
        if (count is not { } most || most >= subjects.Count) return subjects;
        var left = new RandomStream(seed, "adaptation/subjects").Permutation(subjects.Count).ToList();
        var (drawn, missing) = (new HashSet<int>(), labels.ToHashSet());
        while (drawn.Count < most)
        {
            IReadOnlyCollection<int> wanted = missing.Count > 0 ? missing : labels;
            var next = left.MaxBy(number => wanted.Count(Has(subjects[number]))); // the first of equals
            left.Remove(next);
            drawn.Add(next);
            missing.RemoveWhere(label => Has(subjects[next])(label));
        }
        return [.. subjects.Where((_, number) => drawn.Contains(number))];
    }

    private static Func<int, bool> Has(PreparedSubject subject) => label => subject.ClassVoxels[label] > 0;
}
