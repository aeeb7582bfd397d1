namespace PUNet.Core.Data.Checks;

/// <summary>A dataset in figures.</summary>
/// <param name="Subjects">Number of subjects that could be read.</param>
/// <param name="Orientations">Axis codes and how many subjects have them, the most frequent first.</param>
/// <param name="Spacing">Along axes 1, 2, 3, in mm.</param>
/// <param name="Extent">Along axes 1, 2, 3, in voxels.</param>
/// <param name="Intensities">Percentiles 0, 0.5, 50, 99.5 and 100 of each image, in its own unit (HU in CT), in this order.</param>
/// <param name="Labels">Every label that occurs or is known, ascending.</param>
public sealed record DatasetSummary(
    int Subjects,
    IReadOnlyList<(string Code, int Subjects)> Orientations,
    IReadOnlyList<Spread> Spacing,
    IReadOnlyList<Spread> Extent,
    IReadOnlyList<(double Percentile, Spread Values)> Intensities,
    IReadOnlyList<DatasetSummary.LabelRow> Labels)
{
    /// <summary>One label over the dataset.</summary>
    /// <param name="Label">Its value.</param>
    /// <param name="Name">Its name; empty where nobody tells.</param>
    /// <param name="Subjects">How many subjects have it.</param>
    /// <param name="Millilitres">Its volume in those.</param>
    public sealed record LabelRow(int Label, string Name, int Subjects, Spread Millilitres);

    /// <summary>Sums up a check.</summary>
    /// <param name="subjects">What the check measured.</param>
    /// <param name="names">Names of labels; null where nobody tells.</param>
    public static DatasetSummary Of(IReadOnlyList<CheckedSubject> subjects, IReadOnlyDictionary<int, string>? names)
    {
        Spread Over(Func<CheckedSubject, double> figure) => Spread.Of(subjects.Select(figure));
        var labels = subjects.SelectMany(subject => subject.Labels.Keys).Concat(names?.Keys ?? []).Where(label => label > 0).Distinct().Order();
        return new DatasetSummary(
            subjects.Count,
            [.. subjects.GroupBy(subject => subject.Geometry.Orientation.Code)
                .OrderByDescending(group => group.Count())
                .Select(group => (group.Key, group.Count()))],
            [.. Enumerable.Range(0, 3).Select(axis => Over(subject => subject.Geometry.Spacing[axis]))],
            [.. Enumerable.Range(0, 3).Select(axis => Over(subject => subject.Extent[axis]))],
            [
                (0, Over(s => s.Intensities.Minimum)), (0.5, Over(s => s.Intensities.Low)), (50, Over(s => s.Intensities.Median)),
                (99.5, Over(s => s.Intensities.High)), (100, Over(s => s.Intensities.Maximum)),
            ],
            [.. labels.Select(label =>
            {
                var having = subjects.Where(subject => subject.Labels.ContainsKey(label)).ToList();
                return new LabelRow(
                    label, names?.GetValueOrDefault(label) ?? "", having.Count,
                    Spread.Of(having.Select(subject => subject.Millilitres(label))));
            })]);
    }
}
