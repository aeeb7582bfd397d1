using PUNet.Core.Data;
using PUNet.Core.Data.Batches;

namespace PUNet.Core.Tests.Data;

public sealed class BatchLoaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Batches_come_in_the_order_of_their_index_from_any_first_one(int workers)
    {
        using var loader = new BatchLoader<Item>(index => new Item(index), first: 7, end: 40, workers);
        Assert.Equal(Enumerable.Range(7, 33).Select(i => (long)i), loader.Select(item => item.Index));
        Assert.True(loader.IsAtEnd);
        Assert.Throws<InvalidOperationException>(() => loader.Next());
    }

    [Fact]
    public void No_more_batches_are_made_than_may_wait()
    {
        var made = new List<long>();
        using var enough = new SemaphoreSlim(0);
        using (var loader = new BatchLoader<Item>(index => Make(index), 0, 100, workers: 2, ahead: 4))
        {
            for (var i = 0; i < 4; i++) enough.Wait();
            loader.Next().Dispose();
            enough.Wait(); // taking one makes room for one
            loader.Next().Dispose();
            enough.Wait();
        }
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (long)i), made.Order());

        Item Make(long index)
        {
            lock (made) made.Add(index);
            enough.Release();
            return new Item(index);
        }
    }

    [Fact]
    public void A_failing_worker_ends_the_run_at_once_even_when_earlier_batches_are_ready()
    {
        using var failed = new ManualResetEventSlim();
        using var loader = new BatchLoader<Item>(Make, 0, 10, workers: 1, ahead: 10);
        failed.Wait();
        while (true) // the failure is stored right after it was signalled
        {
            try { loader.Next().Dispose(); }
            catch (SubjectException failure)
            {
                Assert.Equal("volume-12", failure.Subject);
                Assert.Equal("Subject volume-12: the file is gone.", failure.Message);
                break;
            }
        }
        Assert.Throws<SubjectException>(() => loader.Next());
        Assert.True(loader.Position <= 3);

        Item Make(long index)
        {
            if (index < 3) return new Item(index);
            failed.Set();
            throw new SubjectException("volume-12", new FileNotFoundException("the file is gone."));
        }
    }

    [Fact]
    public void Batches_that_nobody_took_are_disposed_with_the_loader()
    {
        var items = new List<Item>();
        using var made = new SemaphoreSlim(0);
        var loader = new BatchLoader<Item>(Make, 0, 100, workers: 2, ahead: 5);
        for (var i = 0; i < 5; i++) made.Wait();
        var taken = loader.Next();
        loader.Dispose();
        loader.Dispose();
        Assert.False(taken.IsDisposed);
        Assert.All(items.Where(item => item != taken), item => Assert.True(item.IsDisposed));
        Assert.Throws<ObjectDisposedException>(() => loader.Next());

        Item Make(long index)
        {
            var item = new Item(index);
            lock (items) items.Add(item);
            made.Release();
            return item;
        }
    }

    [Fact]
    public void Waiting_for_a_batch_can_be_cancelled()
    {
        using var hold = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        using var loader = new BatchLoader<Item>(Make, 0, 1);
        Assert.Throws<OperationCanceledException>(() => loader.Next(cancellation.Token));
        hold.Set();
        Assert.Equal(0, loader.Next().Index);

        Item Make(long index)
        {
            cancellation.Cancel();
            hold.Wait();
            return new Item(index);
        }
    }

    private sealed class Item(long index) : IDisposable
    {
        public long Index => index;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
