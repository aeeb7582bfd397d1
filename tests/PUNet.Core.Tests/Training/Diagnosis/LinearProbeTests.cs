using PUNet.Core.Common;
using PUNet.Core.Training.Diagnosis;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Diagnosis;

public sealed class LinearProbeTests
{
    private const int N = 20_000;

    /// <summary>The class lies beyond an oblique plane, with a gap to the rest, in features of very different scale.</summary>
    [Fact]
    public void A_class_beyond_a_plane_is_found_without_a_fault()
    {
        var (features, labels) = Oblique("fit");
        var probe = Assert.Single(LinearProbe.Fit(features, labels, [3]));
        var (others, truth) = Oblique("score");
        Assert.Equal(1, probe!.Dice(others, Mask(truth, 3)));
    }

    /// <summary>Where features say nothing of a class of prevalence p, to take everything as the class is best: Dice 2p / (1 + p).</summary>
    [Fact]
    public void Noise_gives_the_dice_of_a_prediction_that_knows_the_prevalence_alone()
    {
        var probe = Assert.Single(LinearProbe.Fit(Noise("fit"), Tenth("fit"), [1]));
        Assert.Equal(2 * 0.1 / 1.1, probe!.Dice(Noise("score"), Mask(Tenth("score"), 1))!.Value, 0.02);
    }

    [Fact]
    public void An_embedding_that_is_the_same_everywhere_tells_nothing_apart()
    {
        var labels = Tenth("fit");
        var probe = Assert.Single(LinearProbe.Fit(ones(N, 4, float64), labels, [1]));
        var prevalence = labels.Average(label => label);
        Assert.Equal(2 * prevalence / (1 + prevalence), probe!.Dice(ones(N, 4, float64), Mask(labels, 1))!.Value, 1e-12);
    }

    [Fact]
    public void A_class_that_is_absent_has_no_plane_and_no_dice()
    {
        var probes = LinearProbe.Fit(Noise("fit"), Tenth("fit"), [1, 2]);
        Assert.Null(probes[1]);
        Assert.Null(probes[0]!.Dice(Noise("score"), new bool[N]));
    }

    private static (Tensor Features, byte[] Labels) Oblique(string name)
    {
        var random = new RandomStream(1, name);
        var (values, labels) = (new double[3 * N], new byte[N]);
        for (var i = 0; i < N; i++)
        {
            var inside = random.Chance(0.3);
            labels[i] = inside ? (byte)3 : (byte)0;
            var (along, across) = (inside ? random.Uniform(1, 2) : random.Uniform(-2, -1), random.Uniform(-1, 1));
            (values[3 * i], values[3 * i + 1], values[3 * i + 2]) = (1000 * (along + across), along - across, random.Uniform(-1, 1));
        }
        return (tensor(values, [N, 3]), labels);
    }

    private static Tensor Noise(string name)
    {
        var random = new RandomStream(2, name);
        return tensor(Enumerable.Range(0, 4 * N).Select(_ => random.Uniform(-1, 1)).ToArray(), [N, 4]);
    }

    private static byte[] Tenth(string name)
    {
        var random = new RandomStream(3, name);
        return [.. Enumerable.Range(0, N).Select(_ => (byte)(random.Chance(0.1) ? 1 : 0))];
    }

    private static bool[] Mask(byte[] labels, byte label) => Array.ConvertAll(labels, found => found == label);
}
