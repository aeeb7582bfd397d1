using System.Text.Json;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>Saves and restores a training bit for bit: all tensors of its state and its progress, in one atomic file.</summary>
internal static class TrainingCheckpoint
{
    private const string FileName = "checkpoint.safetensors";
    private const string ProgressKey = "progress";

    /// <summary>Writes the checkpoint of <paramref name="folder"/>, over an older one.</summary>
    public static void Save(string folder, IReadOnlyDictionary<string, Tensor> state, TrainingProgress progress)
    {
        Directory.CreateDirectory(folder);
        var metadata = new Dictionary<string, string> { [ProgressKey] = JsonSerializer.Serialize(progress) };
        Safetensors.Write(Path.Combine(folder, FileName), state, metadata);
    }

    /// <summary>Copies a checkpoint into the state in place; null where there is none.</summary>
    /// <exception cref="CheckpointException">It holds other tensors than the state.</exception>
    public static TrainingProgress? Restore(string folder, IReadOnlyDictionary<string, Tensor> state)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Open(path);
        var differing = tensors.Keys.Except(state.Keys).Concat(state.Keys.Except(tensors.Keys)).Order(StringComparer.Ordinal).ToList();
        if (differing.Count > 0 || !metadata.TryGetValue(ProgressKey, out var progress))
            throw new CheckpointException($"{path} does not belong to this training (differing: {string.Join(", ", differing.Take(5))}). Delete it to start anew.");
        using var noGradients = no_grad();
        foreach (var (name, tensor) in state) tensor.copy_(tensors[name]);
        return JsonSerializer.Deserialize<TrainingProgress>(progress);
    }
}
