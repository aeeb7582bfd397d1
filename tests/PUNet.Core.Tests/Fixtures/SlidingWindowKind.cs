using PUNet.Core.Common;
using PUNet.Core.Inference;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

public sealed class SlidingWindowKind : IFixtureKind
{
    public string Kind => "sliding_window";

    public void Check(FixtureCase fixture)
    {
        var json = fixture.Json;
        var window = json.GetProperty("window").EnumerateArray().Select(value => value.GetInt32()).ToArray();
        var sliding = new SlidingWindow(new SlidingWindowOptions
        {
            Window = new Extent(window[0], window[1], window[2]),
            Overlap = json.GetProperty("overlap").GetDouble(),
            Blending = Enum.Parse<Blending>(json.GetProperty("blending").GetString()!, ignoreCase: true),
            WindowsPerBatch = 3,
        });
        fixture.Expect("output.stitched", sliding.Predict(fixture.Input("volume"), Predictor));
    }

    /// <summary>The predictor that the case describes, [N, 1, h, w, d] → [N, 2, h, w, d].</summary>
    private static Tensor Predictor(Tensor windows)
    {
        var mean = windows.mean([2, 3, 4], keepdim: true);
        return cat([windows - mean, (2 * windows).tanh() + mean], 1);
    }
}
