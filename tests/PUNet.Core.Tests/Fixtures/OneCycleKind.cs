using PUNet.Core.Training.Optimisation;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

public sealed class OneCycleKind : IFixtureKind
{
    public string Kind => "one_cycle";

    public void Check(FixtureCase fixture)
    {
        var json = fixture.Json;
        Assert.Equal(0.1, json.GetProperty("pct_start").GetDouble());
        Assert.Equal((20, 1), (json.GetProperty("div_factor").GetInt32(), json.GetProperty("final_div_factor").GetInt32()));
        Assert.Equal((0.85, 0.95), (json.GetProperty("base_momentum").GetDouble(), json.GetProperty("max_momentum").GetDouble()));
        var epochs = json.GetProperty("epochs").GetInt32();
        var highest = json.GetProperty("max_lr").EnumerateArray().Select(rate => rate.GetDouble()).ToArray();
        var schedule = new OneCycleSchedule(epochs);
        Tensor Table(Func<long, double, double> value) => tensor(
            Enumerable.Range(0, epochs).SelectMany(epoch => highest.Select(rate => value(epoch, rate))).ToArray()).reshape(epochs, highest.Length);
        // Rates lie near the absolute tolerance that is meant for tensors, so they get a finer one.
        var rates = fixture.Tensors["output.lr"].data<double>().ToArray();
        fixture.Expect("output.lr", rates, Table(schedule.Rate).data<double>().ToArray(), absolute: 1e-12);
        fixture.Expect("output.beta1", Table((epoch, _) => schedule.Beta1(epoch)));
    }
}
