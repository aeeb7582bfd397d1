using PUNet.Core.Metrics;

namespace PUNet.Core.Inference.Results;

/// <summary>A variant with its trainings, which differ in their seed: rows of one repetition, or a single row.</summary>
internal sealed class ResultVariant
{
    private readonly List<ResultRow> _rows;
    private readonly Lazy<List<IReadOnlyList<SubjectScore>>> _scores;

    private ResultVariant(List<ResultRow> rows)
    {
        _rows = rows;
        _scores = new(() => [.. rows.Select(row => SubjectScore.Read(row.Folder))]);
        Lines = [.. rows
            .SelectMany(row =>
            {
                var summary = EvaluationSummary.Read(row.Folder);
                return summary.Classes.Select(score => ResultLine.Of(row.Variant, summary, score));
            })
            .GroupBy(line => line.Class).Select(lines => ResultLine.Over([.. lines]))];
    }

    /// <summary>What was done.</summary>
    public string Name => _rows[0].Variant;

    /// <summary>One line for every class.</summary>
    public IReadOnlyList<ResultLine> Lines { get; }

    /// <summary>The variants of rows, in their order.</summary>
    public static IReadOnlyList<ResultVariant> Of(IReadOnlyList<ResultRow> rows) =>
        [.. rows.Select((row, i) => (Group: row.Repetition ?? -1 - i, Row: row)).GroupBy(entry => entry.Group, entry => entry.Row)
            .Select(group => new ResultVariant([.. group]))];

    /// <summary>Whether a row is one of its trainings.</summary>
    public bool Holds(string row) => _rows.Any(own => own.Name == row);

    /// <summary>By subject that has the class, the mean of a metric over the trainings; null where one of them has no value.</summary>
    public IReadOnlyDictionary<string, double?> Subjects(string @class, SegmentationMetric metric)
    {
        var subjects = new Dictionary<string, double?>();
        var own = _scores.Value.SelectMany(scores => scores).Where(score => score.Class == @class && score.Metric != SubjectScore.FalsePositive);
        foreach (var subject in own.GroupBy(score => score.Subject))
        {
            if (subject.All(score => score.Value is null)) continue;
            List<double> values = [.. subject.Where(score => score.Metric == metric.Name).Select(score => score.Value).OfType<double>()];
            subjects[subject.Key] = values.Count == _rows.Count ? Statistics.Mean(values) : null;
        }
        return subjects;
    }
}
