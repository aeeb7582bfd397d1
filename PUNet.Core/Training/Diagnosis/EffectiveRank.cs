using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// Effective rank (Roy and Vetterli, The effective rank: a measure of effective dimensionality, 2007) of an embedding's directions: the
/// exponential of the entropy of the normalised eigenvalues of their covariance.
/// </summary>
internal static class EffectiveRank
{
    private const double SmallestVariance = 1e-12; // below it, directions differ by rounding alone

    /// <summary>Between 1, where all vectors point along one line or are the same, and C.</summary>
    /// <param name="vectors">[N, C], float64; normalised here.</param>
    public static double Of(Tensor vectors)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var directions = nn.functional.normalize(vectors, dim: 1);
        var centred = directions.Minus(directions.mean([0], keepdim: true));
        var covariance = mm(centred.transpose(0, 1), centred).Over(vectors.shape[0]); // [C, C]
        var variances = linalg.eigvalsh(covariance).clamp_min(TensorArithmetic.Whole(0));
        var total = variances.sum();
        if (total.item<double>() <= SmallestVariance) return 1;
        return special.entr(variances / total).sum().exp().item<double>();
    }
}
