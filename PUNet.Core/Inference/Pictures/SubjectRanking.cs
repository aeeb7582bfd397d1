using PUNet.Core.Common.Files;
using PUNet.Core.Data;

namespace PUNet.Core.Inference.Pictures;

/// <summary>
/// Collects while subjects are scored, and draws the best, median and worst of every class once all are. Of every mask it keeps the one
/// slice that may be drawn; images are loaded again, one subject at a time.
/// </summary>
/// <param name="folder">The evaluation's folder.</param>
internal sealed class SubjectRanking(string folder)
{
    private readonly List<Scored> _scored = [];

    private sealed record Scored(int Label, string Class, string Subject, double Dice, int Slice, SliceMask Prediction);

    /// <summary>Notes a class of a subject whose reference has it.</summary>
    /// <param name="subject">Labels [H, W, D].</param>
    /// <param name="label">The class.</param>
    /// <param name="name">Its name.</param>
    /// <param name="dice">0–1.</param>
    /// <param name="mask">What was predicted as the class, C-order [H, W, D].</param>
    public void Add(LoadedSubject subject, int label, string name, double dice, bool[] mask)
    {
        var slice = SlicePanel.LargestSlice(subject.Extent, subject.Labels, label);
        _scored.Add(new(label, name, subject.Id, dice, slice, SliceMask.Of(subject.Extent, slice, mask)));
    }

    /// <summary>Draws the chosen subjects and writes <see cref="SubjectPanels"/>.</summary>
    /// <param name="load">Loads a subject by its name; asked once for each that is drawn.</param>
    /// <param name="cancellation">Ends it between subjects.</param>
    public void Write(Func<string, LoadedSubject> load, CancellationToken cancellation)
    {
        var chosen = _scored.GroupBy(scored => scored.Label)
            .SelectMany(group => Chosen([.. group.OrderByDescending(scored => scored.Dice).ThenBy(scored => scored.Subject, StringComparer.Ordinal)]))
            .ToList();
        var panels = new List<SubjectPanel>();
        foreach (var group in chosen.GroupBy(choice => choice.Scored.Subject))
        {
            cancellation.ThrowIfCancellationRequested();
            var subject = load(group.Key);
            panels.AddRange(group.Select(choice => Draw(subject, choice.Rank, choice.Scored)));
        }
        new SubjectPanels { Panels = [.. panels.OrderBy(panel => panel.Label).ThenBy(panel => panel.Rank)] }.Write(folder);
    }

    private static IEnumerable<(SubjectRank Rank, Scored Scored)> Chosen(List<Scored> bestFirst)
    {
        yield return (SubjectRank.Best, bestFirst[0]);
        if (bestFirst.Count > 2) yield return (SubjectRank.Median, bestFirst[bestFirst.Count / 2]);
        if (bestFirst.Count > 1) yield return (SubjectRank.Worst, bestFirst[^1]);
    }

    private SubjectPanel Draw(LoadedSubject subject, SubjectRank rank, Scored scored)
    {
        var file = $"panels/{ClassFileName.Of(scored.Label, scored.Class)}.{rank.ToString().ToLowerInvariant()}.webp";
        var magnification = SlicePanel.Fitting(subject.Extent);
        long Index(int x, int y) => ((long)x * subject.Extent.W + y) * subject.Extent.D + scored.Slice;
        var reference = SlicePanel.Draw(
            subject, scored.Slice, (x, y) => subject.Labels[Index(x, y)] == scored.Label, SlicePanel.ReferenceColour, magnification);
        var prediction = SlicePanel.Draw(subject, scored.Slice, scored.Prediction.Contains, SlicePanel.PredictionColour, magnification);
        PanelMosaic.Of([[reference, prediction]]).WriteSmall(Path.Combine(folder, file));
        return new(scored.Label, scored.Class, rank, scored.Subject, scored.Dice, scored.Slice, file);
    }
}
