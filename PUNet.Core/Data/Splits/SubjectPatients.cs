using System.Text.RegularExpressions;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Splits;

/// <summary>Which patient a subject is a scan of.</summary>
public static class SubjectPatients
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(1);

    /// <summary>By the pattern's first group, or its whole match; where it does not match or there is none, by the dataset, else by the id.</summary>
    public static string Of(SubjectFiles subject, Regex? pattern) => Found(subject.Id, pattern) ?? subject.Patient ?? subject.Id;

    /// <summary>The same subjects with the patients that a pattern finds in their ids.</summary>
    /// <param name="subjects">In order, which stays.</param>
    /// <param name="pattern">A regular expression; null leaves the dataset's own patients.</param>
    /// <exception cref="ConfigurationException">It does not match every id: a subject that it misses could lie beside its own patient.</exception>
    public static IReadOnlyList<SubjectFiles> Assign(IReadOnlyList<SubjectFiles> subjects, string? pattern)
    {
        if (pattern is null) return subjects;
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, _longest);
        if (subjects.FirstOrDefault(subject => Found(subject.Id, regex) is null) is { } missed)
            throw new ConfigurationException(
                [$"The pattern '{pattern}' that finds patients must match every subject's id; it does not match '{missed.Id}'."]);
        return [.. subjects.Select(subject => subject with { Patient = Found(subject.Id, regex) })];
    }

    /// <summary>The same for the subjects of a dataset.</summary>
    /// <inheritdoc cref="Assign(IReadOnlyList{SubjectFiles}, string?)"/>
    public static DatasetSource Assign(DatasetSource source, string? pattern) => source with { Subjects = Assign(source.Subjects, pattern) };

    private static string? Found(string id, Regex? pattern) => pattern?.Match(id) is { Success: true } match
        ? (match.Groups.Count > 1 ? match.Groups[1].Value : match.Value)
        : null;
}
