using System.Collections;
using System.Runtime.ExceptionServices;

namespace PUNet.Core.Data.Batches;

/// <summary>
/// Makes batches ahead of the training step on worker threads and hands them out in the order of their index. A batch is a
/// function of its index alone, so the number of workers changes nothing, and training can resume at any index.
/// </summary>
/// <typeparam name="TBatch">The batch; the receiver disposes it.</typeparam>
public sealed class BatchLoader<TBatch> : IEnumerable<TBatch>, IDisposable where TBatch : class, IDisposable
{
    private const int ProcessorsPerWorker = 4;
    private const int MostWorkers = 4;

    private readonly Func<long, TBatch> _make;
    private readonly long _end;
    private readonly int _ahead;
    private readonly object _gate = new();
    private readonly Dictionary<long, TBatch> _ready = [];
    private readonly List<Thread> _workers = [];
    private long _toMake;
    private ExceptionDispatchInfo? _failure;
    private bool _stopped;

    /// <param name="make">The batch of an index; called by several threads at once when there are several workers.</param>
    /// <param name="first">Index of the first batch.</param>
    /// <param name="end">Index after the last batch.</param>
    /// <param name="workers">Threads; 0 makes each batch in the calling thread, null takes one for every four processors, at least one
    /// and at most four.</param>
    /// <param name="ahead">Most batches made or in the making before they are asked for; at least the number of workers.</param>
    public BatchLoader(Func<long, TBatch> make, long first, long end, int? workers = null, int ahead = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, first);
        var threads = workers ?? Math.Clamp(Environment.ProcessorCount / ProcessorsPerWorker, 1, MostWorkers);
        ArgumentOutOfRangeException.ThrowIfNegative(threads, nameof(workers));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ahead);
        (_make, _end, _ahead) = (make, end, Math.Max(ahead, threads));
        (Position, _toMake) = (first, first);
        for (var i = 0; i < threads; i++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"batches {i}" };
            _workers.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Index of the batch that <see cref="Next"/> returns next.</summary>
    public long Position { get; private set; }

    /// <summary>True after the last batch.</summary>
    public bool IsAtEnd => Position >= _end;

    /// <summary>The next batch; waits for it if need be. A failure of any worker is thrown at once, even if batches are ready.</summary>
    /// <exception cref="InvalidOperationException">There is no further batch.</exception>
    public TBatch Next(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_stopped && _failure is null, this);
        if (IsAtEnd) throw new InvalidOperationException($"The last batch was number {_end - 1}.");
        cancellation.ThrowIfCancellationRequested();
        if (_workers.Count == 0) return _make(Position++);
        using var wake = cancellation.Register(Wake);
        lock (_gate)
        {
            while (true)
            {
                _failure?.Throw();
                cancellation.ThrowIfCancellationRequested();
                if (_ready.Remove(Position, out var batch))
                {
                    Position++;
                    Monitor.PulseAll(_gate);
                    return batch;
                }
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>The remaining batches; the receiver disposes each.</summary>
    public IEnumerator<TBatch> GetEnumerator()
    {
        while (!IsAtEnd) yield return Next();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Stops the workers, waits for them and disposes what nobody took.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var worker in _workers) worker.Join();
        foreach (var batch in _ready.Values) batch.Dispose();
        _ready.Clear();
    }

    private void Work()
    {
        while (Claim() is { } index)
        {
            TBatch batch;
            try
            {
                batch = _make(index);
            }
            catch (Exception failure) // rethrown with its own trace by Next
            {
                Fail(failure);
                return;
            }
            lock (_gate)
            {
                _ready.Add(index, batch);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The next index to make, once there is room for it; null when nothing is left to do.</summary>
    private long? Claim()
    {
        lock (_gate)
        {
            while (!_stopped && _toMake < _end && _toMake >= Position + _ahead) Monitor.Wait(_gate);
            return _stopped || _toMake >= _end ? null : _toMake++;
        }
    }

    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= ExceptionDispatchInfo.Capture(failure);
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.PulseAll(_gate);
    }
}
