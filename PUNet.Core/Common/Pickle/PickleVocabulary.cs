namespace PUNet.Core.Common.Pickle;

/// <summary>
/// The classes and functions that a file of tensors may name, each with the one plain value that it stands for here.
/// Every other name is refused.
/// </summary>
internal static class PickleVocabulary
{
    private const int LongestPath = 4096;
    private const int LongestShownName = 80;

    private static readonly Dictionary<string, Func<IReadOnlyList<object?>, object?>?> _meanings = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = NamedValues,
        ["collections.defaultdict"] = _ => new PickleDictionary(),
        ["argparse.Namespace"] = NamedValues,
        ["pytorch_lightning.utilities.parsing.AttributeDict"] = NamedValues,
        ["lightning_fabric.utilities.data.AttributeDict"] = NamedValues,
        ["lightning.fabric.utilities.data.AttributeDict"] = NamedValues,
        ["pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint"] = null, // key of the callbacks' states
        ["lightning.pytorch.callbacks.model_checkpoint.ModelCheckpoint"] = null,
        ["_codecs.encode"] = arguments => arguments is [string text, ..] ? text : throw new FormatException("bytes that are not given as text"),
        ["pathlib.Path"] = JoinedPath,
        ["pathlib.PosixPath"] = JoinedPath,
        ["pathlib.WindowsPath"] = JoinedPath,
        ["pathlib.PurePosixPath"] = JoinedPath,
        ["pathlib.PureWindowsPath"] = JoinedPath,
        ["torch._utils._rebuild_tensor_v2"] = StoredTensor.From,
        ["torch._utils._rebuild_parameter"] = arguments => arguments is [StoredTensor tensor, ..]
            ? tensor
            : throw new FormatException("stands a parameter without a tensor"),
        ["torch.Size"] = Only<PickleTuple>,
        ["torch.device"] = arguments => new PickleTuple(arguments),
    };

    static PickleVocabulary()
    {
        foreach (var module in new[] { "builtins", "__builtin__" })
        {
            _meanings[$"{module}.dict"] = NamedValues;
            _meanings[$"{module}.set"] = Only<List<object?>>;
            _meanings[$"{module}.frozenset"] = Only<List<object?>>;
            foreach (var type in new[] { "list", "tuple", "int", "float", "bool", "str" }) _meanings[$"{module}.{type}"] = null;
        }
        foreach (var storage in TorchStorage.Types.Keys) _meanings[$"torch.{storage}"] = null;
        foreach (var type in new[] { "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool" })
            _meanings[$"torch.{type}"] = null;
    }

    /// <summary>A name that may occur.</summary>
    /// <exception cref="FormatException">It may not.</exception>
    public static PickleName Name(string module, string name)
    {
        var asked = new PickleName(module, name);
        return _meanings.ContainsKey(asked.ToString())
            ? asked
            : throw new FormatException(
                $"the file asks for {Shown(asked.ToString())}, which no checkpoint needs; nothing was run, and the file is refused");
    }

    /// <summary>What a class or function with arguments stands for.</summary>
    /// <exception cref="FormatException">The name only stands for itself, or the arguments do not fit.</exception>
    public static object? Make(PickleName name, IReadOnlyList<object?> arguments) =>
        (_meanings[name.ToString()] ?? throw new FormatException($"the file calls {name}, which may only be named"))(arguments);

    private static PickleDictionary NamedValues(IReadOnlyList<object?> arguments) =>
        arguments.Count == 0 ? new PickleDictionary() : throw new FormatException("stands a dictionary that is made from arguments");

    private static object? Only<T>(IReadOnlyList<object?> arguments) where T : class =>
        arguments is [T only] ? only : throw new FormatException("stands an object with other arguments than it has");

    private static string JoinedPath(IReadOnlyList<object?> arguments)
    {
        var parts = arguments.OfType<string>().ToList();
        if (parts.Sum(part => (long)part.Length) > LongestPath) throw new FormatException("stands a path that is too long");
        return string.Join('/', parts);
    }

    /// <summary>A name of a file that nobody vouches for, safe to show.</summary>
    private static string Shown(string name) =>
        new([.. name.Take(LongestShownName).Select(c => char.IsControl(c) ? '?' : c)]);
}
