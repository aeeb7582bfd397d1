using System.Text.Json;
using PUNet.Core.Common.Files;
using PUNet.Core.Tests.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Published;

/// <summary>Checkpoints laid out as the published implementation writes them, from the stored weights of the fixtures.</summary>
internal sealed class PublishedFile : IDisposable
{
    public const string Student = "architecture.network_student.";
    public const string Teacher = "architecture.network_teacher.";

    private static readonly string _fixtures = Path.Combine(RepositoryFolders.Fixtures, "architecture");

    private readonly string _folder = Directory.CreateTempSubdirectory("punet-").FullName;

    /// <summary>The checkpoint.</summary>
    public string Checkpoint => Path.Combine(_folder, "last.ckpt");

    /// <summary>A folder that is not there yet.</summary>
    public string Output => Path.Combine(_folder, "backbone");

    /// <summary>Everything that lies beside the checkpoint, hidden or not.</summary>
    public IEnumerable<string> Beside =>
        Directory.EnumerateFileSystemEntries(_folder).Where(path => path != Checkpoint).Select(path => Path.GetFileName(path));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Weights and hyper-parameters of a fixture, by published name.</summary>
    public static (Dictionary<string, Tensor> Weights, Dictionary<string, object?> HyperParameters) Fixture(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(_fixtures, name + ".json")));
        var weights = new Dictionary<string, Tensor>(Safetensors.Read(Path.Combine(_fixtures, json.RootElement.GetProperty("weights").GetString()!)));
        foreach (var (tensor, value) in Safetensors.Read(Path.Combine(_fixtures, name + ".safetensors")))
            if (tensor.StartsWith("state.", StringComparison.Ordinal)) weights[tensor["state.".Length..]] = value;
        return (weights, (Dictionary<string, object?>)Plain(json.RootElement.GetProperty("config"))!);
    }

    /// <summary>Writes a Lightning checkpoint: both networks, hyper-parameters, and what else such a file holds.</summary>
    public void Write(
        IReadOnlyDictionary<string, Tensor> student, IReadOnlyDictionary<string, Tensor>? teacher, Dictionary<string, object?>? hyperParameters)
    {
        var writer = new PickleWriter().Raw('}', '(')
            .Text("epoch").Value(399).Text("global_step").Value(125000).Text("pytorch-lightning_version").Value("1.5.10")
            .Text("state_dict").Ordered(student.Select(item => KeyValuePair.Create(Student + item.Key, (object?)item.Value))
                .Concat((teacher ?? new Dictionary<string, Tensor>()).Select(item => KeyValuePair.Create(Teacher + item.Key, (object?)item.Value))))
            .Text("callbacks").Raw('}').Global(
                "pytorch_lightning.callbacks.model_checkpoint",
                "ModelCheckpoint").Value(new Dictionary<string, object?> { ["monitor"] = "val_dice_mean" }).Raw('s')
            .Text("optimizer_states").Value(
                new List<object?> { new Dictionary<string, object?> { ["lr"] = 1e-4, ["betas"] = new object?[] { 0.9, 0.999 } } });
        if (hyperParameters is not null) writer.Text("hyper_parameters").Value(hyperParameters);
        TorchFile.Write(Checkpoint, writer.Raw('u'));
    }

    /// <summary>Writes a plain state dictionary of one network.</summary>
    public void WriteState(IReadOnlyDictionary<string, Tensor> network) =>
        TorchFile.Write(Checkpoint, new PickleWriter().Ordered(network.Select(item => KeyValuePair.Create(item.Key, (object?)item.Value))));

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(item => item.Name, item => Plain(item.Value)),
        JsonValueKind.Array => value.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => value.TryGetInt32(out var whole) ? (object)whole : value.GetDouble(),
    };
}
