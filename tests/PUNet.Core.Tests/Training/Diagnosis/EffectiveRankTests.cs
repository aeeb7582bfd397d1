using PUNet.Core.Training.Diagnosis;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Diagnosis;

public sealed class EffectiveRankTests
{
    /// <summary>Vectors along ± k axes, as many along each, of any length: a covariance of k equal eigenvalues.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Of_directions_spread_over_k_axes_it_is_k(int k)
    {
        var axes = eye(8, dtype: float64)[..k];
        Assert.Equal(k, EffectiveRank.Of(cat([axes * 3, axes * -0.5])), 1e-9);
        var turned = linalg.qr(arange(64, float64).sin().reshape(8, 8)).Q; // an orthogonal matrix
        Assert.Equal(k, EffectiveRank.Of(mm(cat([axes, -axes]), turned)), 1e-9);
    }

    /// <summary>Three quarters of the vectors along one axis, a quarter along another: the entropy of (3/4, 1/4).</summary>
    [Fact]
    public void Of_unequal_shares_it_is_the_exponential_of_their_entropy()
    {
        var axes = eye(4, dtype: float64);
        var (first, second) = (axes[..1], axes[1..2]);
        var rank = EffectiveRank.Of(cat([first, -first, first, -first, first, -first, second, -second]));
        Assert.Equal(Math.Exp(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25)), rank, 1e-9);
    }

    [Fact]
    public void Of_one_direction_it_is_1() => Assert.Equal(1, EffectiveRank.Of(ones(10, 4, float64) / 3));
}
