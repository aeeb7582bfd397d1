using PUNet.Core.Data.Splits;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>The published splits, for several numbers of subjects.</summary>
public sealed class SplitFixture : IFixtureKind
{
    public string Kind => "split";

    public void Check(FixtureCase fixture)
    {
        var ratios = fixture.Json.GetProperty("ratios");
        var shares = new SplitShares(ratios[0].GetDouble(), ratios[1].GetDouble(), ratios[2].GetDouble());
        foreach (var expected in fixture.Json.GetProperty("cases").EnumerateObject())
        {
            var actual = DatasetSplit.Indices(int.Parse(expected.Name), shares, fixture.Json.GetProperty("seed").GetUInt32());
            foreach (var (part, indices) in new[] { ("train", actual.Train), ("validation", actual.Validation), ("test", actual.Test) })
                fixture.Expect(
                    $"{expected.Name}/{part}", [.. expected.Value.GetProperty(part).EnumerateArray().Select(i => i.GetDouble())],
                    [.. indices.Select(i => (double)i)]);
        }
    }
}
