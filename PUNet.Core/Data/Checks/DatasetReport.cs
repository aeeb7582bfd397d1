namespace PUNet.Core.Data.Checks;

/// <summary>The outcome of a check.</summary>
/// <param name="Subjects">What could be read, in the order of the dataset.</param>
/// <param name="Findings">The gravest first, else in the order of the dataset.</param>
public sealed record DatasetReport(IReadOnlyList<CheckedSubject> Subjects, IReadOnlyList<Finding> Findings)
{
    /// <summary>Findings of one severity.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    /// <summary>Whether the dataset can be used as it is.</summary>
    public bool IsSound => Count(Severity.Error) == 0;
}
