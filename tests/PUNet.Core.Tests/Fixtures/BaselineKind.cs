using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Baselines.SwinUnetr;
using PUNet.Core.Models.Baselines.UNet;
using PUNet.Core.Models.Baselines.Unetr;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>Baselines at full size with weights made by a rule: names and shapes of every parameter, their number, both outputs.</summary>
public sealed class BaselineKind : IFixtureKind
{
    private const int EmbeddingStep = 4;

    public string Kind => "baseline";

    public void Check(FixtureCase fixture)
    {
        var size = fixture.Json.GetProperty("input_size");
        var patch = new Extent(size[0].GetInt32(), size[1].GetInt32(), size[2].GetInt32());
        using var network = new BaselineNetwork(Configuration(fixture, patch), new RandomStream(0, "replaced by the rule"));
        var parameters = network.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var listing = fixture.Json.GetProperty("listing").EnumerateArray().ToList();
        Assert.Equal(listing.Select(item => item[0].GetString()!).Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(fixture.Json.GetProperty("parameters").GetInt64(), parameters.Values.Sum(parameter => parameter.numel()));
        for (var j = 0; j < listing.Count; j++) Fill(parameters[listing[j][0].GetString()!], listing[j], j);
        network.train(fixture.Json.GetProperty("mode").GetString() == "train");
        var output = network.forward(fixture.Input("image"), ActiveClasses.None(2));
        fixture.Expect("output.logits", output.Logits);
        fixture.Expect("output.embedding_every_4th", output.Embedding.slice(2, 0, patch.H, EmbeddingStep).slice(3, 0, patch.W, EmbeddingStep));
    }

    private static BaselineConfiguration Configuration(FixtureCase fixture, Extent patch)
    {
        BaselineConfiguration start = fixture.Json.GetProperty("architecture").GetString() switch
        {
            "unet" => new UNetConfiguration(),
            "unetr" => new UnetrConfiguration(),
            "swin_unetr" => new SwinUnetrConfiguration(),
            var other => throw new InvalidOperationException($"Unknown architecture {other}."),
        };
        return start with
        {
            StudentPatch = patch,
            SecondStudentPatch = patch,
            TeacherPatch = patch,
            FixedOutputChannels = fixture.Json.GetProperty("out_channels").GetInt32(),
        };
    }

    /// <summary>s = sin(0.7 i + 1.3 j + 0.5) · cos(0.013 i); vectors 1 + 0.1 s or 0.1 s, else s · √(3 · shape₀ / numel).</summary>
    private static void Fill(Tensor parameter, JsonElement listed, int j)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var shape = listed[1].EnumerateArray().Select(length => length.GetInt64()).ToArray();
        Assert.Equal(shape, parameter.shape);
        var values = new float[parameter.numel()];
        var scale = Math.Sqrt(3.0 * shape[0] / values.Length);
        var isWeight = listed[0].GetString()!.EndsWith("weight", StringComparison.Ordinal);
        Parallel.For(0, values.Length, i =>
        {
            var s = Math.Sin(0.7 * i + 1.3 * j + 0.5) * Math.Cos(0.013 * i);
            values[i] = (float)(shape.Length > 1 ? s * scale : isWeight ? 1 + 0.1 * s : 0.1 * s);
        });
        parameter.copy_(tensor(values).view(shape));
    }
}
