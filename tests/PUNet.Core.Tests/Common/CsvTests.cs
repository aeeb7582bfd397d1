using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common.Files;

namespace PUNet.Core.Tests.Common;

public sealed class CsvTests
{
    private static readonly Gen<string> _field = Gen.Elements("", "a", " ", "kidney, left", "\"q\"", "x\ny", "\r\n", ",", "a|b", "ü", "\t", "\"")
        .ArrayOf(2).Select(string.Concat);

    [Fact]
    public void What_is_written_is_read_back_field_by_field()
    {
        var records = from columns in Gen.Choose(1, 4) from rows in _field.ArrayOf(columns).ArrayOf(3) select rows;
        Prop.ForAll(records.ToArbitrary(), rows => Csv.Read(Csv.Write(rows)).Select(record => record.Fields).SequenceEqual(rows, Same))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Fields_with_commas_quotes_and_breaks_stand_between_quotes()
    {
        Assert.Equal("class,value\n\"kidney, left\",\"say \"\"x\"\"\"\n\"\"\n", Csv.Write([["class", "value"], ["kidney, left", "say \"x\""], [""]]));
    }

    [Fact]
    public void A_record_knows_its_line_and_empty_lines_are_none()
    {
        var records = Csv.Read("\uFEFFa,b\r\n\r\n \"x\ny\" ,2\r\nlast, line");
        Assert.Equal([1, 3, 5], records.Select(record => record.Line));
        Assert.Equal(["x\ny", "2"], records[1].Fields);
        Assert.Equal(["last", " line"], records[2].Fields);
    }

    [Theory]
    [InlineData("a,b\n\"x,2", "has a quote in line 2 that is not closed")]
    [InlineData("a,b\n5\" pipe,2", "has a quote within a field of line 2 that does not begin with one")]
    [InlineData("a,b\n\"x\"y,2", "has text behind a closing quote in line 2")]
    public void Quotes_that_mean_nothing_are_told_with_their_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => Csv.Read(text)).Message);

    private static IEqualityComparer<IReadOnlyList<string>> Same { get; } =
        EqualityComparer<IReadOnlyList<string>>.Create((a, b) => a!.SequenceEqual(b!));
}
