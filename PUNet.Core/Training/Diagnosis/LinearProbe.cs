using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// How well a plane in the space of features parts a class from everything else: ridge regression on the class's mask, in closed form, and
/// the threshold that gives the best Dice where it was fitted. For two groups the regression's direction is that of Fisher's discriminant.
/// </summary>
internal sealed class LinearProbe
{
    private const double Ridge = 1e-4; // relative to the variance of a standardised feature
    private const double SmallestDeviation = 1e-9;
    private readonly double[] _weights;
    private readonly double _threshold;

    private LinearProbe(double[] weights, double threshold) => (_weights, _threshold) = (weights, threshold);

    /// <summary>Fits a plane for every class; null for a class that no vector belongs to.</summary>
    /// <param name="features">[N, C], float64.</param>
    /// <param name="labels">Of the N vectors.</param>
    /// <param name="classes">The labels of the classes.</param>
    public static IReadOnlyList<LinearProbe?> Fit(Tensor features, byte[] labels, IReadOnlyList<int> classes)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var masks = classes.Select(label => Array.ConvertAll(labels, found => found == label)).ToList();
        var targets = stack(masks.Select(mask => tensor(Array.ConvertAll(mask, inside => inside ? 1.0 : 0.0))).ToList(), 1); // [N, K]
        var centred = features.Minus(features.mean([0], keepdim: true));
        var deviation = centred.Squared().mean([0]).sqrt().clamp_min(TensorArithmetic.Real(SmallestDeviation)); // [C]
        var standard = centred / deviation;
        var gram = mm(standard.transpose(0, 1), standard).Over(labels.Length); // [C, C]
        var products = mm(standard.transpose(0, 1), targets).Over(labels.Length); // [C, K]; the mean of the masks falls out
        var ridge = eye(features.shape[1], dtype: ScalarType.Float64).Times(Ridge);
        var weights = linalg.solve(gram.Plus(ridge), products) / deviation.unsqueeze(1); // [C, K]
        return [.. classes.Select((_, k) =>
        {
            if (!masks[k].Contains(true)) return null;
            var plane = weights.select(1, k).contiguous().data<double>().ToArray();
            return new LinearProbe(plane, BestThreshold(Scores(features, plane), masks[k]));
        })];
    }

    /// <summary>Dice of the class's mask and what lies beyond the plane, 0 to 1; null where no vector belongs to the class.</summary>
    /// <param name="features">[N, C], float64.</param>
    /// <param name="mask">Which of the N vectors belong to the class.</param>
    public double? Dice(Tensor features, bool[] mask)
    {
        var (both, sizes) = (0L, 0L);
        foreach (var (score, inside) in Scores(features, _weights).Zip(mask))
        {
            var beyond = score > _threshold;
            if (beyond && inside) both++;
            sizes += (beyond ? 1 : 0) + (inside ? 1 : 0);
        }
        return mask.Contains(true) ? 2.0 * both / sizes : null;
    }

    private static double[] Scores(Tensor features, double[] weights)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        return mv(features, tensor(weights)).data<double>().ToArray();
    }

    /// <summary>Half-way between the two neighbouring scores that give the best Dice; all vectors lie beyond −∞.</summary>
    private static double BestThreshold(double[] scores, bool[] mask)
    {
        var (order, inside) = ((double[])scores.Clone(), (bool[])mask.Clone());
        Array.Sort(order, inside);
        var size = mask.LongCount(here => here);
        var (best, threshold, both) = (0.0, double.NegativeInfinity, 0L);
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (inside[i]) both++;
            if (i > 0 && order[i - 1] == order[i]) continue; // no threshold lies between equal scores
            var dice = 2.0 * both / (order.Length - i + size);
            if (dice > best) (best, threshold) = (dice, i == 0 ? double.NegativeInfinity : (order[i - 1] + order[i]) / 2);
        }
        return threshold;
    }
}
