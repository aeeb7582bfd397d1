using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Tests.Common;

public sealed class MarkdownTests
{
    [Fact]
    public void A_reader_of_the_table_sees_every_cell_as_it_was_given()
    {
        var cell = Gen.Elements("a", "|", "\\", "*b*", "_", "x_y", "<i>", "[l](u)", "`c`", " ", "&amp;")
            .ArrayOf(3).Select(parts => string.Concat(parts).Trim());
        Prop.ForAll(cell.ArrayOf(2).ToArbitrary(), cells =>
        {
            var row = Markdown.Table(["p", "q"], [false, true], [cells]).Split('\n')[2];
            return Shown(row).SequenceEqual(cells);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Numbers_stand_to_the_right_and_plain_names_stay_as_they_are()
    {
        var table = Markdown.Table(["class", "Dice"], [false, true], [["left_kidney", "1.0 ± 0.5"]]);
        Assert.Equal("| class | Dice |\n| --- | ---: |\n| left_kidney | 1.0 ± 0.5 |\n", table);
        Assert.Equal("two lines", Markdown.Escape("two\nlines"));
    }

    /// <summary>The cells of a row by GitHub's rules: bars that no backslash escapes divide it, then escapes are taken off.</summary>
    private static IEnumerable<string> Shown(string row)
    {
        var cells = Regex.Matches(row, @"\|((?:\\.|[^\\|])*)(?=\|)").Select(found => found.Groups[1].Value.Trim()).ToList();
        foreach (var cell in cells)
        {
            Assert.DoesNotMatch(@"(?<!\\)(?:\\\\)*[*`<\[]", cell);
            yield return Regex.Replace(cell, @"\\(\W|_)", "$1");
        }
    }
}
