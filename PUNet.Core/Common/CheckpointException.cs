namespace PUNet.Core.Common;

/// <summary>A file of weights that does not fit or cannot be read; the message says what, where and what to do.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
