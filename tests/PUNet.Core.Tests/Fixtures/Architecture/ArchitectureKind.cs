using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures.Architecture;

/// <summary>
/// Whole networks with given weights: outputs and updated statistics element by element, gradients by <see cref="GradientRule"/>: the stored
/// ones, and our own in single precision, against our own in double precision.
/// </summary>
public sealed class ArchitectureKind : IFixtureKind
{
    public string Kind => "architecture";

    public void Check(FixtureCase fixture)
    {
        var architecture = new ArchitectureCase(fixture);
        using var network = architecture.Network(ScalarType.Float32);
        var output = architecture.forward(network);
        fixture.Expect("output.embedding", output.Embedding);
        fixture.Expect("output.logits", output.Logits);
        var state = ArchitectureCase.ByPublishedName(network);
        foreach (var name in fixture.Stored("output.").Where(state.ContainsKey)) fixture.Expect("output." + name, state[name]);
        if (!architecture.HasGradients) return;
        using var twice = architecture.Network(ScalarType.Float64);
        var (single, exact) = (architecture.Gradients(network, output), architecture.Gradients(twice, architecture.forward(twice)));
        var stored = fixture.Stored("grad.").ToDictionary(name => name, name => fixture.Tensors["grad." + name]);
        foreach (var (name, ratio) in GradientRule.Deviations(stored, exact)) fixture.Expect("grad." + name, ratio);
        foreach (var (name, ratio) in GradientRule.Deviations(single, exact)) fixture.Expect($"grad.{name} in single precision", ratio);
    }
}
