using PUNet.Core.Training.Optimisation;
using Parameter = TorchSharp.Modules.Parameter;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training;

public sealed class FlatAdamWTests
{
    [Fact]
    public void Steps_on_flat_vectors_equal_the_library_s_steps_on_single_parameters()
    {
        using var scope = NewDisposeScope();
        var shapes = new[] { new long[] { 3, 4 }, new long[] { 5 }, new long[] { 2, 1, 2 } };
        var generator = new Generator(5);
        var start = shapes.Select(shape => randn(shape, generator: generator)).ToList();
        var ours = start.Select((value, i) => ($"p{i}", new Parameter(value.clone()))).ToList();
        var theirs = start.Select(value => new Parameter(value.clone())).ToList();
        using var flat = new FlatParameters(ours);
        using var optimiser = new FlatAdamW([("body", flat, 0.01)], weightDecay: 0.1);
        var library = optim.AdamW(theirs, lr: 0.01, weight_decay: 0.1);
        for (var step = 0; step < 5; step++)
        {
            optimiser.ZeroGradients();
            library.zero_grad();
            foreach (var (parameters, _) in new[] { (ours.Select(p => p.Item2), 0), (theirs.AsEnumerable(), 1) })
                parameters.Select((p, i) => (p * p * (i + 0.1)).sum()).Aggregate((a, b) => a + b).backward();
            foreach (var parameter in theirs) parameter.grad!.clamp_(-1, 1);
            optimiser.Step();
            library.step();
        }
        for (var i = 0; i < theirs.Count; i++)
            Assert.True(allclose(ours[i].Item2, theirs[i], rtol: 1e-6, atol: 1e-7), $"parameter {i} differs");
    }

    [Fact]
    public void Laying_out_changes_no_value_and_gradients_arrive_in_the_vector()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (new Parameter(arange(4, dtype: ScalarType.Float32)), new Parameter(ones(2, 2)));
        using var flat = new FlatParameters([("b", b), ("a", a)]);
        Assert.Equal(["a", "b"], flat.Names);
        Assert.Equal([0f, 1, 2, 3, 1, 1, 1, 1], flat.Values.data<float>().ToArray());
        ((a * 2).sum() + (b * 3).sum()).backward();
        Assert.Equal([2f, 2, 2, 2, 3, 3, 3, 3], flat.Gradients!.data<float>().ToArray());
        using (no_grad()) flat.Values.zero_();
        Assert.Equal(0, a.abs().sum().item<float>() + b.abs().sum().item<float>());
    }
}
