namespace PUNet.Core.Data;

/// <summary>A dataset on disk that cannot be used as declared; the message says what, where and what to do.</summary>
public sealed class DatasetException(string path, string problem) : Exception($"{path}: {problem}")
{
    /// <summary>The folder or file.</summary>
    public string Path { get; } = path;
}
