using System.Text.RegularExpressions;

namespace PUNet.Core.Data;

/// <summary>Which patient a subject is a scan of.</summary>
public static class SubjectPatients
{
    /// <summary>By the pattern's first group, or its whole match; where it does not match or there is none, by the dataset, else by the id.</summary>
    public static string Of(SubjectFiles subject, Regex? pattern) => Of(subject.Id, pattern) ?? subject.Patient ?? subject.Id;

    /// <summary>The part of an id that a pattern finds; null where it finds none.</summary>
    public static string? Of(string id, Regex? pattern) => pattern?.Match(id) is { Success: true } match
        ? (match.Groups.Count > 1 ? match.Groups[1].Value : match.Value)
        : null;
}
