using System.Buffers.Binary;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Common.Pickle;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Published;

/// <summary>
/// The weights of one network under the published implementation's names, with the hyper-parameters they were trained with:
/// from a checkpoint of PyTorch Lightning, a plain state dictionary of PyTorch, or a safetensors file.
/// </summary>
internal sealed class PublishedCheckpoint : IDisposable
{
    private const string StatePart = "state_dict";
    private const string HyperParameterPart = "hyper_parameters";
    private const string Student = "architecture.network_student.";
    private const string Teacher = "architecture.network_teacher.";

    private readonly IDisposable _source;
    private readonly Dictionary<string, Func<Tensor>> _readers;

    private PublishedCheckpoint(
        string path, IDisposable source, IEnumerable<Entry> tensors,
        HyperParameters hyperParameters, IReadOnlyDictionary<string, string> metadata, bool teacher)
    {
        (Path, _source, HyperParameters, Metadata) = (path, source, hyperParameters, metadata);
        var selected = Select(path, [.. tensors], teacher);
        Shapes = selected.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        _readers = selected.ToDictionary(tensor => tensor.Name, tensor => tensor.Read, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Shapes of the network's tensors by their published names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; }

    /// <summary>What the network was trained with; empty where the file does not tell.</summary>
    public HyperParameters HyperParameters { get; }

    /// <summary>Texts that a safetensors file carries beside its tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file; weights are read when they are asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="teacher">The teacher's network instead of the student's, where the file has both.</param>
    /// <exception cref="CheckpointException">It is none of the kinds, is damaged, or lacks the network.</exception>
    public static PublishedCheckpoint Open(string path, bool teacher)
    {
        var start = Start(path);
        if (TorchArchive.IsOne(start)) return OfTorch(path, TorchArchive.Open(path), teacher);
        if (start.Length > 8 && start[8] == '{') return OfSafetensors(path, teacher);
        throw new CheckpointException(start is [0x80, 0x02, ..]
            ? $"{path} is a file of PyTorch before 1.6. Save it again with a newer one: torch.save(torch.load(FILE, map_location='cpu'), NEW_FILE)."
            : $"{path} is no checkpoint: neither a zip archive of PyTorch nor a safetensors file.");
    }

    /// <summary>A tensor: float32, or int64 for counters. The caller disposes it.</summary>
    public Tensor Read(string name) => _readers[name]();

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static byte[] Start(string path)
    {
        if (!File.Exists(path)) throw new CheckpointException($"There is no file {path}.");
        var start = new byte[9];
        using var stream = File.OpenRead(path);
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    private static PublishedCheckpoint OfTorch(string path, TorchArchive archive, bool teacher)
    {
        try
        {
            var content = archive.Content as PickleDictionary ?? throw NoState(path);
            var parts = content.ByName();
            var state = parts.TryGetValue(StatePart, out var inner) ? inner as PickleDictionary ?? throw NoState(path) : content;
            if (state.Items.Count == 0 || state.Items.Any(item => item is not { Key: string, Value: StoredTensor })) throw NoState(path);
            var tensors = state.Items.Select(item => (Name: (string)item.Key!, Tensor: (StoredTensor)item.Value!));
            return new PublishedCheckpoint(
                path, archive, tensors.Select(item => new Entry(item.Name, item.Tensor.Shape, item.Tensor.Read)),
                HyperParameters.From(path, parts.GetValueOrDefault(HyperParameterPart)), new Dictionary<string, string>(), teacher);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static PublishedCheckpoint OfSafetensors(string path, bool teacher)
    {
        var (tensors, metadata) = Safetensors.Open(path);
        var owner = new Owner(tensors.Values);
        try
        {
            return new PublishedCheckpoint(
                path, owner, tensors.Select(item => new Entry(item.Key, item.Value.shape, () => Plain(item.Value))),
                HyperParameters.From(path, null), metadata, teacher);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private static Tensor Plain(Tensor stored) => stored.to(stored.is_floating_point() ? ScalarType.Float32 : ScalarType.Int64).alias();

    /// <summary>The tensors of one of the two networks, without its prefix; a file without prefixes holds one network.</summary>
    private static List<Entry> Select(string path, List<Entry> tensors, bool teacher)
    {
        var prefix = teacher ? Teacher : Student;
        var other = teacher ? Student : Teacher;
        if (!tensors.Any(tensor => HasPrefix(tensor, prefix)))
        {
            if (teacher || tensors.Any(tensor => HasPrefix(tensor, other)))
                throw new CheckpointException($"{path} has no {(teacher ? "teacher" : "student")}: no tensor's name begins with '{prefix}'.");
            return Unique(path, tensors);
        }
        return Unique(path, [.. tensors.Where(tensor => !HasPrefix(tensor, other))
            .Select(tensor => tensor with { Name = HasPrefix(tensor, prefix) ? tensor.Name[prefix.Length..] : tensor.Name })]);
    }

    private static List<Entry> Unique(string path, List<Entry> tensors) =>
        tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CheckpointException($"{path} has two tensors of the name '{twice.Key}'.")
            : tensors;

    private static bool HasPrefix(Entry tensor, string prefix) => tensor.Name.StartsWith(prefix, StringComparison.Ordinal);

    private static CheckpointException NoState(string path) =>
        new($"{path} holds no weights: a dictionary of tensors by name is expected, or one with an entry '{StatePart}'.");

    /// <summary>A tensor of the file, not read yet.</summary>
    private sealed record Entry(string Name, IReadOnlyList<long> Shape, Func<Tensor> Read);

    /// <summary>Owns tensors outside any scope: a network is made while they are open, and must not be swept with them.</summary>
    private sealed class Owner(IEnumerable<Tensor> tensors) : IDisposable
    {
        public void Dispose()
        {
            foreach (var tensor in tensors) tensor.Dispose();
        }
    }
}
