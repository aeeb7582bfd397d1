namespace PUNet.Core.Common.Native;

/// <summary>libtorch is missing, damaged or of another version; the message says where it was looked for, and what to do.</summary>
public sealed class LibtorchException(string message, Exception? inner = null) : Exception(message, inner);
