using PUNet.Core.Losses;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

public sealed class FocalKind : IFixtureKind
{
    public string Kind => "focal";

    public void Check(FixtureCase fixture)
    {
        var json = fixture.Json;
        var loss = new FocalLoss(new FocalLossOptions
        {
            Gamma = json.GetProperty("gamma").GetDouble(),
            BackgroundAlpha = json.GetProperty("alpha_background").GetDouble(),
            ForegroundAlpha = json.GetProperty("alpha_foreground").GetDouble(),
            AdditiveAlpha = [.. json.GetProperty("additive_alpha").EnumerateArray().Select(value => value.GetDouble())],
        });
        var flags = fixture.Input("active_classes"); // [B, classes], 0/1
        var active = Enumerable.Range(0, (int)flags.shape[0])
            .Select(b => Enumerable.Range(1, (int)flags.shape[1] - 1).Where(c => flags[b, c].item<long>() == 1).ToArray()).ToArray();
        var logits = fixture.Input("logits").clone().requires_grad_();
        var value = loss.Forward(logits, fixture.Input("targets"), active);
        value.backward();
        fixture.Expect("output.loss", value.reshape(1));
        fixture.Expect("grad.logits", logits.grad!);
    }
}
