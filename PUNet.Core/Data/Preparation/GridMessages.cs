using PUNet.Core.Data.Prepared;

namespace PUNet.Core.Data.Preparation;

/// <summary>What preparation tells of grids that its rules had to decide on.</summary>
internal static class GridMessages
{
    private const int Named = 3;
    private const string Rule =
        "The sform is used, since it goes before the qform wherever its code is above 0; where the qform is right, correct the sform or set "
        + "its code to 0.";

    /// <summary>One message for each rule that was applied, with the subjects it was applied to.</summary>
    /// <param name="subjects">Those that were prepared.</param>
    /// <param name="all">How many there are with those that were left out.</param>
    public static IEnumerable<string> Of(IReadOnlyList<SubjectOrigin> subjects, int all)
    {
        var disagreeing = subjects.Where(subject => subject.Disagreement is not null).ToList();
        if (disagreeing.Count > 0)
            yield return $"Warning: in {disagreeing.Count} of {all} images two descriptions of the grid disagree. "
                + $"{List(disagreeing, subject => $"{subject.Id} {subject.Disagreement}", "; ")}. {Rule}";
        var turned = subjects.Where(subject => subject.IsTurned).ToList();
        if (turned.Count > 0)
            yield return $"{turned.Count} of {all} label maps lie on their image's grid with other axes and were turned onto it, "
                + $"voxel for voxel: {List(turned, subject => subject.Id, ", ")}.";
    }

    private static string List(IReadOnlyList<SubjectOrigin> subjects, Func<SubjectOrigin, string> text, string between) =>
        string.Join(between, subjects.Take(Named).Select(text)) + (subjects.Count > Named ? $" and {subjects.Count - Named} more" : "");
}
