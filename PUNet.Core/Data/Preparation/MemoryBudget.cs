namespace PUNet.Core.Data.Preparation;

/// <summary>Lends memory to workers, so that together they never take more than there is; thread-safe.</summary>
/// <param name="bytes">What may be lent at once.</param>
internal sealed class MemoryBudget(long bytes)
{
    private readonly object _gate = new();
    private long _lent;

    /// <summary>Half of what this process may use.</summary>
    public static MemoryBudget OfThisMachine() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>
    /// Runs the work once there is memory for it; where it wants more than there is at all, once nobody else has any.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public void Run(long wanted, Action work, CancellationToken cancellation)
    {
        using var wake = cancellation.Register(Wake);
        lock (_gate)
        {
            while (_lent > 0 && _lent + wanted > bytes)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
            cancellation.ThrowIfCancellationRequested();
            _lent += wanted;
        }
        try
        {
            work();
        }
        finally
        {
            lock (_gate)
            {
                _lent -= wanted;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
