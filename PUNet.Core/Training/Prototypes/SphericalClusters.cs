using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Prototypes;

/// <summary>
/// Spherical k-means (Dhillon and Modha, 2001): directions that many vectors share. The first centroid is the vectors' mean direction, each
/// further one the vector least like those before it, so that the result depends on the vectors alone.
/// </summary>
internal static class SphericalClusters
{
    private const int Rounds = 20;

    /// <summary>The centroids of some vectors.</summary>
    /// <param name="vectors">[N, C], N ≥ 1, of any length.</param>
    /// <param name="count">How many; where there are fewer different vectors, some centroids are equal.</param>
    /// <returns>[count, C], of length 1; the caller disposes it.</returns>
    public static Tensor Of(Tensor vectors, int count)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var directions = nn.functional.normalize(vectors.to_type(ScalarType.Float32), dim: 1); // [N, C]
        var centroids = Seeds(directions, count);
        for (var round = 0; round < Rounds; round++)
        {
            using var own = NewDisposeScope();
            var nearest = directions.mm(centroids.transpose(0, 1)).argmax(1); // [N]
            var sums = zeros_like(centroids).index_add_(0, nearest, directions, TensorArithmetic.Whole(1));
            var empty = sums.abs().sum(1, keepdim: true).eq(TensorArithmetic.Whole(0));
            centroids = where(empty, centroids, nn.functional.normalize(sums, dim: 1)).MoveToOuterDisposeScope();
        }
        return centroids.MoveToOuterDisposeScope();
    }

    private static Tensor Seeds(Tensor directions, int count)
    {
        var seeds = new List<Tensor> { nn.functional.normalize(directions.mean([0], keepdim: true), dim: 1) };
        var closest = directions.mm(seeds[0].transpose(0, 1)).squeeze(1); // [N]
        while (seeds.Count < count)
        {
            seeds.Add(directions.index_select(0, closest.argmin().reshape(1)));
            closest = maximum(closest, directions.mm(seeds[^1].transpose(0, 1)).squeeze(1));
        }
        return cat(seeds); // [count, C]
    }
}
