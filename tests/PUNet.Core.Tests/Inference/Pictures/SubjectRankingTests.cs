using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Tests.Inference.Pictures;

public sealed class SubjectRankingTests : IDisposable
{
    private static readonly Extent _extent = new(8, 6, 4);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Best_median_and_worst_of_a_class_are_drawn_and_each_subject_is_loaded_once()
    {
        var panels = Draw(("a", 0.5), ("b", 0.9), ("c", 0.1), ("d", 0.7), ("e", 0.6)).Panels;
        Assert.Equal(
            [(SubjectRank.Best, "b", 0.9), (SubjectRank.Median, "e", 0.6), (SubjectRank.Worst, "c", 0.1)],
            panels.Select(panel => (panel.Rank, panel.Subject, panel.Dice)));
        Assert.All(panels, panel => Assert.Equal(("<b> | left", 2), (panel.Class, panel.Slice)));
        Assert.Equal(["b", "c", "e"], _loaded.Order());
    }

    [Fact]
    public void Of_two_subjects_there_is_no_median_and_one_is_the_best_alone()
    {
        Assert.Equal([SubjectRank.Best, SubjectRank.Worst], Draw(("a", 0.5), ("b", 0.9)).Panels.Select(panel => panel.Rank));
        Assert.Equal([SubjectRank.Best], Draw(("a", 0.5)).Panels.Select(panel => panel.Rank));
    }

    [Fact]
    public void Of_equal_scores_the_order_of_names_decides()
    {
        var panels = Draw(("b", 0.5), ("c", 0.5), ("a", 0.5)).Panels;
        Assert.Equal(["a", "b", "c"], panels.Select(panel => panel.Subject));
    }

    [Fact]
    public void The_panel_shows_the_reference_left_and_the_prediction_right_where_the_reference_is_largest()
    {
        var panel = Assert.Single(Draw(("a", 0.5)).Panels);
        var picture = Picture.Read(_folder.File(panel.File));
        var side = (picture.Width - 6) / 2;
        Assert.Equal((8 * 3, 6 * 3), (side, picture.Height));
        var (reference, prediction, outside) = (picture[3 * 4, 3 * 1 + 1], picture[side + 6 + 3 * 4, 3 * 4 + 1], picture[3 * 4, 3 * 4 + 1]);
        Assert.True(reference.G > reference.R + 30, $"{reference} is green");
        Assert.True(prediction.R > prediction.B + 30, $"{prediction} is orange");
        Assert.True(Math.Abs(outside.R - outside.G) < 60 && outside.G < reference.G, $"{outside} is bare");
    }

    [Fact]
    public void A_kept_slice_is_the_mask_it_was_taken_from()
    {
        var mask = new bool[_extent.Count];
        for (var i = 0; i < mask.Length; i++) mask[i] = i * 7 % 5 < 2;
        for (var slice = 0; slice < _extent.D; slice++)
        {
            var kept = SliceMask.Of(_extent, slice, mask);
            for (var x = 0; x < _extent.H; x++)
                for (var y = 0; y < _extent.W; y++)
                    Assert.Equal(mask[(x * _extent.W + y) * _extent.D + slice], kept.Contains(x, y));
        }
    }

    [Fact]
    public void An_earlier_evaluation_has_no_panels_and_a_damaged_list_is_said()
    {
        Assert.Null(SubjectPanels.Read(_folder.Path));
        File.WriteAllText(_folder.File(SubjectPanels.FileName), "{");
        Assert.Contains("lists no panels", Assert.Throws<IOException>(() => SubjectPanels.Read(_folder.Path)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private readonly List<string> _loaded = [];

    private SubjectPanels Draw(params (string Id, double Dice)[] subjects)
    {
        Directory.CreateDirectory(_folder.File("panels"));
        var ranking = new SubjectRanking(_folder.Path);
        foreach (var (id, dice) in subjects) ranking.Add(Subject(id), 3, "<b> | left", dice, Columns(3, 6));
        ranking.Write(id =>
        {
            _loaded.Add(id);
            return Subject(id);
        }, default);
        return SubjectPanels.Read(_folder.Path)!;
    }

    /// <summary>Class 3 in the columns 0–2 of slice 2, and in one voxel of slice 0.</summary>
    private static LoadedSubject Subject(string id)
    {
        var labels = Array.ConvertAll(Columns(0, 3), inside => inside ? (byte)3 : (byte)0);
        for (var i = 0; i < labels.Length; i++)
            if (i % _extent.D != 2) labels[i] = 0;
        labels[0] = 3;
        return new(id, [.. labels.Select((_, i) => i % 3 * 0.1f)], labels, _extent);
    }

    private static bool[] Columns(int first, int end) =>
        [.. Enumerable.Range(0, (int)_extent.Count).Select(i => i / _extent.D % _extent.W >= first && i / _extent.D % _extent.W < end)];
}
