using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Tests.Fixtures.Architecture;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>
/// One case: <c>NAME.json</c> with its parameters and tolerance beside <c>NAME.safetensors</c>. A value passes if
/// |x − y| ≤ absolute + relative·|y| everywhere and none is NaN; gradients of networks pass by <see cref="GradientRule"/>.
/// </summary>
public sealed class FixtureCase
{
    private readonly string _jsonPath;
    private readonly Lazy<IReadOnlyDictionary<string, Tensor>> _tensors;
    private readonly List<string> _failures = [];
    private readonly HashSet<string> _compared = [];

    public FixtureCase(string jsonPath)
    {
        _jsonPath = jsonPath;
        Json = JsonDocument.Parse(File.ReadAllText(jsonPath)).RootElement;
        Name = Path.GetFileNameWithoutExtension(jsonPath);
        _tensors = new(() => Safetensors.Read(Path.ChangeExtension(jsonPath, ".safetensors")));
    }

    public string Name { get; }

    public JsonElement Json { get; }

    public string Kind => Json.TryGetProperty("kind", out var kind) ? kind.GetString()! : "";

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors.Value;

    /// <summary>Largest deviation so far, in units of the tolerance (1 is just allowed), and where.</summary>
    public (double Ratio, string Where) Largest { get; private set; } = (0, "");

    /// <summary>How many tensors or lists were compared.</summary>
    public int Compared => _compared.Count;

    public Tensor Input(string name) => Tensors["input." + name];

    /// <summary>The foreground classes that the case's input <c>active_classes</c> [B, classes], 0/1, marks; column 0 is background.</summary>
    public ActiveClasses ActiveClasses()
    {
        using var scope = NewDisposeScope();
        var flags = Input("active_classes").ne(0);
        return new(
            Enumerable.Range(0, (int)flags.shape[0]).Select(b => Enumerable.Range(1, (int)flags.shape[1] - 1).Where(c => flags[b, c].item<bool>())));
    }

    /// <summary>Names of the stored tensors behind a prefix, for example <c>output.</c>.</summary>
    public IEnumerable<string> Stored(string prefix) =>
        Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    /// <summary>Another file of tensors in the case's folder.</summary>
    public IReadOnlyDictionary<string, Tensor> LoadBeside(string file) =>
        Safetensors.Read(Path.Combine(Path.GetDirectoryName(_jsonPath)!, file));

    /// <summary>Compares with the stored tensor <paramref name="name"/> (full name, e.g. <c>output.logits</c>).</summary>
    public void Expect(string name, Tensor actual)
    {
        if (!Tensors.TryGetValue(name, out var stored)) throw new InvalidOperationException($"{Name} has no tensor '{name}'.");
        if (!stored.shape.SequenceEqual(actual.shape))
        {
            _failures.Add($"{name}: shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", stored.shape)}]");
            return;
        }
        using var scope = NewDisposeScope();
        Expect(name, stored.to_type(ScalarType.Float64).flatten().data<double>().ToArray(),
            actual.detach().cpu().to_type(ScalarType.Float64).flatten().data<double>().ToArray());
    }

    /// <summary>Compares figures under the case's tolerance; NaN is expected only where NaN was stored.</summary>
    public void Expect(string label, double[] expected, double[] actual, double? absolute = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        var tolerance = Json.TryGetProperty("tolerance", out var stated) ? stated : default;
        var atol = absolute ?? (tolerance.ValueKind == JsonValueKind.Object ? tolerance.GetProperty("absolute").GetDouble() : 0);
        var rtol = tolerance.ValueKind == JsonValueKind.Object ? tolerance.GetProperty("relative").GetDouble() : 0;
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (double.IsNaN(expected[i]) && double.IsNaN(actual[i])) continue;
            var difference = Math.Abs(expected[i] - actual[i]);
            var ratio = difference == 0 ? 0 : difference / (atol + rtol * Math.Abs(expected[i]));
            if (double.IsNaN(ratio)) ratio = double.PositiveInfinity;
            worst = Math.Max(worst, ratio);
        }
        Expect(label, worst);
    }

    /// <summary>Takes note of a deviation in units of what is allowed.</summary>
    public void Expect(string label, double worst)
    {
        _compared.Add(label);
        if (worst > Largest.Ratio) Largest = (worst, label);
        if (worst > 1) _failures.Add($"{label}: {worst:G4} times the tolerance");
    }

    /// <summary>Fails with everything that deviates, or if nothing was compared.</summary>
    public void Conclude()
    {
        if (_compared.Count == 0) _failures.Add("nothing was compared");
        Assert.True(_failures.Count == 0, $"{Name}:{Environment.NewLine}{string.Join(Environment.NewLine, _failures.Take(40))}");
    }
}
