using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Data;

public sealed class AnnotatedSubjectsTests
{
    private static readonly int[] _labels = [1, 3];

    [Fact]
    public void A_draw_is_without_replacement_keeps_the_order_of_the_split_and_is_the_same_for_the_same_seed()
    {
        var subjects = Subjects("13", "13", "13", "13", "13", "13");
        for (var count = 1; count <= subjects.Count; count++)
        {
            var drawn = Draw(subjects, count, 7);
            Assert.Equal(count, drawn.Count);
            Assert.Equal(drawn.Order(StringComparer.Ordinal).Distinct(), drawn);
            Assert.Equal(drawn, Draw(subjects, count, 7));
        }
        Assert.Equal(subjects.Select(subject => subject.Id), Draw(subjects, null, 7));
        Assert.Equal(subjects.Select(subject => subject.Id), Draw(subjects, 6, 7));
    }

    [Fact]
    public void What_one_seed_draws_is_in_all_that_it_draws_of_more()
    {
        var subjects = Subjects("", "1", "13", "3", "13", "2", "1", "13", "23", "");
        for (var seed = 0; seed < 50; seed++)
            for (var count = 1; count < subjects.Count; count++)
                Assert.Empty(Draw(subjects, count, seed).Except(Draw(subjects, count + 1, seed)));
    }

    [Fact]
    public void Every_subject_that_has_the_classes_is_drawn_as_often_and_the_others_come_after_all_of_these()
    {
        var subjects = Subjects("", "13", "2", "13", "123", "13", "2");
        const int seeds = 2000;
        var times = Enumerable.Range(0, seeds).SelectMany(seed => Draw(subjects, 1, seed)).CountBy(id => id).ToDictionary();
        Assert.Equal(["s1", "s3", "s4", "s5"], times.Keys.Order(StringComparer.Ordinal));
        // binomial with p = 1 / 4: five deviations
        var deviation = Math.Sqrt(seeds * 0.25 * 0.75);
        Assert.All(times.Values, count => Assert.InRange(count, seeds / 4 - 5 * deviation, seeds / 4 + 5 * deviation));
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(["s1", "s3", "s4", "s5"], Draw(subjects, 4, seed)));
    }

    [Fact]
    public void Where_no_subject_has_all_the_classes_the_first_ones_have_them_together()
    {
        var subjects = Subjects("1", "1", "1", "1", "1", "2", "3");
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Contains("s6", Draw(subjects, 2, seed)));
        Assert.Equal(5, Enumerable.Range(0, 200).SelectMany(seed => Draw(subjects, 2, seed)).Distinct().Count(id => id != "s6"));
    }

    private static List<string> Draw(IReadOnlyList<PreparedSubject> subjects, int? count, long seed) =>
        [.. AnnotatedSubjects.Draw(subjects, _labels, count, seed).Select(subject => subject.Id)];

    /// <summary>Subjects s0, s1 …, each with voxels of the classes whose digits are given.</summary>
    private static List<PreparedSubject> Subjects(params string[] classes) =>
        [.. classes.Select((digits, i) => new PreparedSubject(
            $"s{i}", new Extent(1, 1, 1), new Spacing(1, 1, 1), [9, .. "123".Select(digit => digits.Contains(digit) ? 5L : 0L)], null!, null!))];
}
