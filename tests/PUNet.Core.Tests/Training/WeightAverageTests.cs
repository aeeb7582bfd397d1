using PUNet.Core.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.2)]
    public void The_average_follows_its_definition_and_becomes_the_parameters(double share)
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(tensor([1f, -2f]));
        using var flat = new FlatParameters([("own", parameter)]);
        using var optimiser = new FlatAdamW([("own", flat, 0.1)], 0);
        using var average = new WeightAverage(optimiser, share);
        var expected = new[] { 1.0, -2.0 };
        for (var step = 1; step <= 12; step++)
        {
            flat.Gradients!.copy_(tensor([0.5f, -1f]));
            optimiser.Step();
            average.Follow();
            var kept = Math.Min(share, step / (step + 9.0));
            var now = parameter.data<float>().ToArray();
            for (var i = 0; i < 2; i++) expected[i] = kept * expected[i] + (1 - kept) * now[i];
        }
        Assert.NotEqual(expected[0], parameter.data<float>()[0], 1e-3);
        var last = parameter.data<float>().ToArray();
        average.Swap();
        Assert.Equal(expected.Select(value => (float)value), parameter.data<float>().ToArray(), (left, right) => Math.Abs(left - right) < 1e-5f);
        average.Swap();
        Assert.Equal(last, parameter.data<float>().ToArray());
    }
}
