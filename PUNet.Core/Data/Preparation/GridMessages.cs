namespace PUNet.Core.Data;

/// <summary>What preparation tells of grids that its rules had to decide on.</summary>
internal static class GridMessages
{
    private const int Named = 3;
    private const string Rule =
        "The sform is used, since it goes before the qform wherever its code is above 0; where the qform is right, correct the sform or set "
        + "its code to 0.";

    /// <summary>One message for each rule that was applied, with the subjects it was applied to.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<PreparationOutcome> outcomes)
    {
        var disagreeing = outcomes.Where(outcome => outcome.Disagreement is not null).ToList();
        if (disagreeing.Count > 0)
            yield return $"Warning: in {disagreeing.Count} of {outcomes.Count} images two descriptions of the grid disagree. "
                + $"{List(disagreeing, outcome => $"{outcome.Id} {outcome.Disagreement}", "; ")}. {Rule}";
        var turned = outcomes.Where(outcome => outcome.IsTurned).ToList();
        if (turned.Count > 0)
            yield return $"{turned.Count} of {outcomes.Count} label maps lie on their image's grid with other axes and were turned onto it, "
                + $"voxel for voxel: {List(turned, outcome => outcome.Id, ", ")}.";
    }

    private static string List(IReadOnlyList<PreparationOutcome> outcomes, Func<PreparationOutcome, string> text, string between) =>
        string.Join(between, outcomes.Take(Named).Select(text)) + (outcomes.Count > Named ? $" and {outcomes.Count - Named} more" : "");
}
