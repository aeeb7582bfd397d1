namespace PUNet.Core.Training.Optimisation;

/// <summary>A training whose numbers are no longer finite; the message says where, which, and what to try.</summary>
public sealed class DivergenceException(string message, Exception? inner = null) : Exception(message, inner);
