using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Inference.Results;

/// <summary>
/// The panels of evaluations as one picture: a row per class that some evaluation has drawn; image, reference, then each variant's prediction.
/// </summary>
internal sealed class ResultPicture
{
    /// <summary>Its file.</summary>
    public const string FileName = "picture.png";

    private readonly List<IReadOnlyList<string?>> _panels;

    private ResultPicture(IReadOnlyList<string> rows, IReadOnlyList<string> columns, List<IReadOnlyList<string?>> panels) =>
        (Rows, Columns, _panels) = (rows, columns, panels);

    /// <summary>Names of the rows.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Collects what evaluations have drawn; of several with one variant and class the first.</summary>
    public static ResultPicture Of(IReadOnlyList<ResultRow> rows)
    {
        var drawn = rows
            .SelectMany(row => EvaluationSummary.Read(row.Folder).Classes.Select(score => (row.Variant, row.Folder, score.Label, score.Name)))
            .Where(panel => File.Exists(EvaluationPanels.Image(panel.Folder, panel.Label, panel.Name)))
            .GroupBy(panel => panel.Name).Select(group => group.ToList()).ToList();
        var variants = drawn.SelectMany(panels => panels.Select(panel => panel.Variant)).Distinct().ToList();
        var files = drawn.Select(panels => (IReadOnlyList<string?>)
            [EvaluationPanels.Image(panels[0].Folder, panels[0].Label, panels[0].Name),
             EvaluationPanels.Reference(panels[0].Folder, panels[0].Label, panels[0].Name),
             .. variants.Select(variant => panels.Where(panel => panel.Variant == variant)
                .Select(panel => EvaluationPanels.Prediction(panel.Folder, panel.Label, panel.Name)).FirstOrDefault())]);
        return new([.. drawn.Select(panels => panels[0].Name)], ["image", "reference", .. variants], [.. files]);
    }

    /// <summary>Writes the picture; nothing where nothing was drawn.</summary>
    public void Write(string folder) => PanelMosaic.Write(Path.Combine(folder, FileName), _panels);
}
