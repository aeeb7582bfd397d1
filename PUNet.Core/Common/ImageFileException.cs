namespace PUNet.Core.Common;

/// <summary>An image or label file that cannot be used; the message says what, where and what to do.</summary>
public sealed class ImageFileException(string path, string problem, Exception? inner = null) : Exception($"{path}: {problem}", inner)
{
    /// <summary>The message without the file's path.</summary>
    public string Problem { get; } = problem;

    /// <summary>The offending file.</summary>
    public string Path { get; } = path;
}
