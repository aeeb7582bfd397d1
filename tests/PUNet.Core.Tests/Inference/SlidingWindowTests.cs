using PUNet.Core.Common;
using PUNet.Core.Inference;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Inference;

public sealed class SlidingWindowTests
{
    [Theory]
    [InlineData(50, 41, 5, 32, 32, 1, 0.5)]
    [InlineData(20, 41, 3, 32, 32, 4, 0.5)] // smaller than the window on two axes, odd padding
    [InlineData(33, 32, 6, 32, 16, 4, 0.25)]
    [InlineData(7, 9, 2, 7, 9, 2, 0)]
    public void A_predictor_that_copies_gives_the_volume_back(int h, int w, int d, int windowH, int windowW, int windowD, double overlap)
    {
        var volume = Noise(1, h, w, d);
        foreach (var blending in Enum.GetValues<Blending>())
            foreach (var atOnce in new[] { 1, 5 })
            {
                var sliding = new SlidingWindow(
                    new() { Window = new(windowH, windowW, windowD), Overlap = overlap, Blending = blending, WindowsPerBatch = atOnce });
                var most = 0L;
                using var copy = sliding.Predict(volume, windows =>
                {
                    most = Math.Max(most, windows.shape[0]);
                    return windows.clone();
                });
                Assert.Equal(volume.shape, copy.shape);
                Assert.True((copy - volume).abs().max().item<float>() < 1e-5f);
                Assert.InRange(most, 1, atOnce);
            }
    }

    [Fact]
    public void The_number_of_windows_at_once_changes_nothing()
    {
        var volume = Noise(1, 30, 21, 6);
        float[] Predicted(int atOnce)
        {
            using var result = new SlidingWindow(new() { Window = new(16, 16, 1), Blending = Blending.Gaussian, WindowsPerBatch = atOnce })
                .Predict(volume, windows => windows - windows.mean([2, 3, 4], keepdim: true));
            return result.data<float>().ToArray();
        }
        Assert.Equal(Predicted(1), Predicted(7));
    }

    [Fact]
    public void Windows_have_the_asked_shape_and_no_gradients_are_kept()
    {
        var volume = Noise(1, 20, 20, 3).requires_grad_();
        var seen = new List<long[]>();
        using var result = new SlidingWindow(new() { Window = new(12, 16, 2), WindowsPerBatch = 3 }).Predict(volume, windows =>
        {
            seen.Add(windows.shape);
            return cat([windows, windows], 1);
        });
        Assert.All(seen, shape => Assert.Equal([1, 12, 16, 2], shape[1..]));
        Assert.Equal([1, 2, 20, 20, 3], result.shape);
        Assert.False(result.requires_grad);
    }

    [Fact]
    public void Progress_is_told_and_the_work_can_be_cancelled()
    {
        var sliding = new SlidingWindow(new() { Window = new(8, 8, 1), WindowsPerBatch = 4 });
        var told = new List<StageEvent.Progress>();
        using var cancellation = new CancellationTokenSource();
        sliding.Predict(Noise(1, 12, 8, 5), windows => windows.clone(), e => told.Add((StageEvent.Progress)e)).Dispose();
        Assert.Equal([4, 8, 10], told.Select(progress => progress.Done));
        Assert.All(told, progress => Assert.Equal(("window", 10), (progress.Unit, progress.Total)));
        Assert.Throws<OperationCanceledException>(() => sliding.Predict(
            Noise(1, 12, 8, 5), windows => windows.clone(), _ => cancellation.Cancel(), cancellation.Token));
    }

    [Fact]
    public void Nothing_stays_in_memory_but_the_result()
    {
        var volume = Noise(1, 20, 20, 3);
        var statistics = TorchSharp.DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;
        new SlidingWindow(new() { Window = new(24, 16, 1) }).Predict(volume, windows => windows * 2).Dispose();
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
        Assert.False(volume.IsInvalid);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var sliding = new SlidingWindow(new() { Window = new(8, 8, 1) });
        Assert.Contains(
            "it is [4, 1, 8, 4, 1].",
            Assert.Throws<ArgumentException>(() => sliding.Predict(Noise(1, 12, 8, 5), windows => windows.narrow(3, 0, 4))).Message);
        Assert.StartsWith(
            "A volume must be [1, C, H, W, D]",
            Assert.Throws<ArgumentException>(() => sliding.Predict(Noise(2, 12, 8, 5), windows => windows)).Message);
        Assert.Equal(
            3,
            Assert.Throws<ConfigurationException>(
                () => new SlidingWindow(new() { Window = new(0, 8, 1), Overlap = 1, WindowsPerBatch = 0 })).Faults.Count);
    }

    [Theory]
    [InlineData(10, 4, 0.5, new[] { 0, 2, 4, 6 })]
    [InlineData(11, 4, 0.5, new[] { 0, 2, 4, 6, 7 })]
    [InlineData(4, 4, 0.5, new[] { 0 })]
    [InlineData(3, 1, 0.5, new[] { 0, 1, 2 })]
    [InlineData(9, 4, 0, new[] { 0, 4, 5 })]
    public void Windows_start_in_equal_steps_and_the_last_one_ends_at_the_border(int size, int window, double overlap, int[] expected) =>
        Assert.Equal(expected, SlidingWindowPositions.Starts(size, window, overlap));

    [Fact]
    public void Gaussian_weights_are_positive_and_highest_at_index_half_the_window()
    {
        using var weights = WindowWeights.Of(Blending.Gaussian, new Extent(32, 24, 1));
        Assert.Equal(1, weights[16, 12, 0].item<float>());
        Assert.Equal(1, weights.max().item<float>());
        Assert.Equal(1e-3f, weights[0, 0, 0].item<float>(), 1e-6f);
        Assert.Equal(weights[13, 12, 0].item<float>(), weights[19, 12, 0].item<float>(), 1e-6f);
    }

    private static Tensor Noise(int batch, int h, int w, int d)
    {
        using var generator = new RandomStream(1, "volume").TorchGenerator();
        return randn([batch, 1, h, w, d], generator: generator);
    }
}
