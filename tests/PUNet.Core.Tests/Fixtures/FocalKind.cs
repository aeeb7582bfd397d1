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
        }, [.. json.GetProperty("additive_alpha").EnumerateArray().Select(value => value.GetDouble())]);
        var logits = fixture.Input("logits").clone().requires_grad_();
        var value = loss.forward(logits, fixture.Input("targets"), fixture.ActiveClasses());
        value.backward();
        fixture.Expect("output.loss", value.reshape(1));
        fixture.Expect("grad.logits", logits.grad!);
    }
}
