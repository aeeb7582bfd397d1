namespace PUNet.Core.Data;

/// <summary>A subject that could not be loaded or cut while batches were made.</summary>
public sealed class SubjectException(string subject, Exception inner) : Exception($"Subject {subject}: {inner.Message}", inner)
{
    /// <summary>Name of the subject in the dataset.</summary>
    public string Subject { get; } = subject;
}
