using System.Text.Json;
using PUNet.Core.Metrics;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>Overlap and surface distances per label; what the case does not define must be null.</summary>
public sealed class MetricsFixture : IFixtureKind
{
    public string Kind => "metrics";

    public void Check(FixtureCase fixture)
    {
        var (reference, extent) = Volume.Of<byte>(fixture.Input("reference"));
        var (prediction, _) = Volume.Of<byte>(fixture.Input("prediction"));
        var spacing = fixture.Json.GetProperty("spacing").EnumerateArray().Select(x => x.GetDouble()).ToArray();
        var tolerance = fixture.Json.GetProperty("tolerance");
        double Tolerance(string name) => tolerance.GetProperty(name).GetDouble();
        foreach (var expected in fixture.Json.GetProperty("expected").EnumerateArray())
        {
            var label = expected.GetProperty("label").GetByte();
            var overlap = Overlap.Count(reference, prediction, label)[label];
            var surface = SurfaceDistances.Measure(Mask(reference), Mask(prediction), extent, spacing);
            bool[] Mask(byte[] labels) => Array.ConvertAll(labels, found => found == label);
            void Expect(string name, double? actual, double? absolute = null) =>
                fixture.Expect($"{label}/{name}", [Number(expected, name)], [actual ?? double.NaN], absolute);
            Expect("voxels_reference", overlap.Reference);
            Expect("voxels_prediction", overlap.Prediction);
            Expect("dice", overlap.Dice);
            Expect("iou", overlap.Iou);
            Expect("hd95", surface?.Hausdorff(95));
            Expect("hd100", surface?.Hausdorff(100));
            Expect("nsd", surface?.SurfaceDice(fixture.Json.GetProperty("tolerance_mm").GetDouble()), Tolerance("nsd_absolute"));
            double[] average = expected.TryGetProperty("assd", out var pair) && pair.ValueKind == JsonValueKind.Array
                ? [pair[0].GetDouble(), pair[1].GetDouble()]
                : [double.NaN, double.NaN];
            fixture.Expect(
                $"{label}/assd", average, [surface?.Average.FromReference ?? double.NaN, surface?.Average.FromPrediction ?? double.NaN],
                Tolerance("assd_absolute"));
        }
    }

    private static double Number(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
