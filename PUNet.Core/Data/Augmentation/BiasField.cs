using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>
/// A smooth multiplicative field <c>exp(Σ c_ijk L_i(u) L_j(v) L_k(w))</c> of Legendre polynomials on [−1, 1], all i + j + k ≤ 3
/// (method.md, section 6). An axis of one voxel lies at −1.
/// </summary>
public static class BiasField
{
    private const int Degree = 3;

    /// <summary>Coefficients of a field: all i + j + k ≤ 3.</summary>
    public const int Coefficients = 20;

    /// <summary>Multiplies the image by the field.</summary>
    /// <param name="image">C-order [H, W, D], changed in place.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="coefficients">20, in the order i, j, k (k fastest).</param>
    public static void Apply(Span<float> image, Extent extent, ReadOnlySpan<float> coefficients)
    {
        if (coefficients.Length != Coefficients)
            throw new ArgumentException($"A bias field of degree {Degree} has {Coefficients} coefficients, not {coefficients.Length}.");
        var (alongH, alongW, alongD) = (Legendre(extent.H), Legendre(extent.W), Legendre(extent.D));
        Span<double> inW = stackalloc double[Degree + 1]; // of L_j(v), for one h and d
        for (var h = 0; h < extent.H; h++)
            for (var d = 0; d < extent.D; d++)
            {
                inW.Clear();
                for (var (i, c) = (0, 0); i <= Degree; i++)
                    for (var j = 0; j <= Degree - i; j++)
                        for (var k = 0; k <= Degree - i - j; k++, c++)
                            inW[j] += coefficients[c] * alongH[i][h] * alongD[k][d];
                var at = h * extent.W * extent.D + d;
                for (var w = 0; w < extent.W; w++, at += extent.D)
                {
                    var exponent = inW[0] + inW[1] * alongW[1][w] + inW[2] * alongW[2][w] + inW[3] * alongW[3][w];
                    image[at] *= MathF.Exp((float)exponent);
                }
            }
    }

    /// <summary>L_0 … L_3 at n equally spaced points of [−1, 1].</summary>
    private static double[][] Legendre(int n)
    {
        var values = new double[Degree + 1][];
        for (var degree = 0; degree <= Degree; degree++) values[degree] = new double[n];
        for (var i = 0; i < n; i++)
        {
            var x = n == 1 ? -1 : -1 + 2.0 * i / (n - 1);
            (values[0][i], values[1][i], values[2][i], values[3][i]) = (1, x, (3 * x * x - 1) / 2, (5 * x * x - 3) * x / 2);
        }
        return values;
    }
}
