using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>
/// Saves and restores a training bit for bit: all tensors of its state and its progress, with their checksum, in one atomic file; the one
/// before it is kept. A file that is damaged, or of another training, is set aside and the next one serves.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string FileName = "checkpoint.safetensors";
    private const string FormerName = "checkpoint.former.safetensors";
    private const string AsideSuffix = ".aside";
    private const string ProgressKey = "progress";
    private const string ChecksumKey = "sha256";

    /// <summary>Writes the checkpoint of <paramref name="folder"/>; the older one becomes the former one.</summary>
    public static void Save(string folder, IReadOnlyDictionary<string, Tensor> state, TrainingProgress progress)
    {
        using var scope = NewDisposeScope();
        var copies = state.ToDictionary(entry => entry.Key, entry => entry.Value.detach().cpu().contiguous());
        var texts = new Dictionary<string, string> { [ProgressKey] = JsonSerializer.Serialize(progress) };
        texts[ChecksumKey] = TensorChecksum.Of(copies, texts);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path)) File.Move(path, Path.Combine(folder, FormerName), overwrite: true);
        Safetensors.Write(path, copies, texts);
    }

    /// <summary>Copies the latest sound checkpoint into the state in place; null where there is none.</summary>
    /// <param name="folder">Where <see cref="Save"/> wrote.</param>
    /// <param name="state">What the training's checkpoints hold.</param>
    /// <param name="report">Told of what is set aside.</param>
    public static TrainingProgress? Restore(string folder, IReadOnlyDictionary<string, Tensor> state, Action<StageEvent> report)
    {
        foreach (var path in new[] { FileName, FormerName }.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            try
            {
                return Read(path, state);
            }
            catch (Exception fault) when (fault is CheckpointException or IOException or UnauthorizedAccessException)
            {
                File.Move(path, path + AsideSuffix, overwrite: true);
                var aside = Path.GetFileName(path) + AsideSuffix;
                report(new StageEvent.Message($"{fault.Message} It is set aside as {aside}; the training goes on without it."));
            }
        return null;
    }

    /// <summary>Changes the state only once the whole file is known to be sound.</summary>
    private static TrainingProgress? Read(string path, IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Open(path);
        var texts = new Dictionary<string, string>(metadata);
        if (!texts.Remove(ChecksumKey, out var checksum) || !texts.TryGetValue(ProgressKey, out var progress))
            throw new CheckpointException($"{path} is no checkpoint of a training.");
        if (checksum != TensorChecksum.Of(tensors, texts)) throw new CheckpointException($"{path} is damaged: its content has another checksum.");
        var differing = tensors.Keys.Union(state.Keys).Where(name => !Fits(tensors.GetValueOrDefault(name), state.GetValueOrDefault(name)))
            .Order(StringComparer.Ordinal).ToList();
        if (differing.Count > 0)
            throw new CheckpointException($"{path} is of another training (differing: {string.Join(", ", differing.Take(5))}).");
        using var noGradients = no_grad();
        foreach (var (name, tensor) in state) tensor.copy_(tensors[name]);
        return JsonSerializer.Deserialize<TrainingProgress>(progress);
    }

    private static bool Fits(Tensor? stored, Tensor? own) =>
        stored is not null && own is not null && stored.dtype == own.dtype && stored.shape.SequenceEqual(own.shape);
}
