using PUNet.Core.Common;

namespace PUNet.Core.Data.Augmentation;

/// <summary>
/// Reads a part of an affinely transformed volume without computing the rest. Positions beyond the border are reflected at
/// the centres of the outermost voxels (method.md, section 6). One sampler serves a view's image, labels and coordinates.
/// </summary>
public sealed class AffineSampler
{
    private readonly Extent _input;
    private readonly Extent _output;
    private readonly int _startD;
    private readonly float[] _h; // [H·W] of the output: index along the input's H
    private readonly float[] _w;

    /// <param name="affine">The transform of the whole input about its centre.</param>
    /// <param name="input">Extent of what is read.</param>
    /// <param name="start">First element of the part, in the transformed volume, which has the input's extent.</param>
    /// <param name="output">Extent of the part.</param>
    /// <exception cref="ArgumentException">The part leaves the volume.</exception>
    public AffineSampler(InPlaneAffine affine, Extent input, (int H, int W, int D) start, Extent output)
    {
        if (start.H < 0 || start.W < 0 || start.D < 0 || start.H + output.H > input.H || start.W + output.W > input.W || start.D + output.D > input.D)
            throw new ArgumentException($"A part of {output} from ({start.H}, {start.W}, {start.D}) leaves the volume of {input}.");
        (_input, _output, _startD) = (input, output, start.D);
        (_h, _w) = (new float[output.H * output.W], new float[output.H * output.W]);
        var (hh, hw, wh, ww) = affine.Matrix();
        var (centreH, centreW) = ((input.H - 1) / 2.0, (input.W - 1) / 2.0);
        for (var (i, k) = (0, 0); i < output.H; i++)
            for (var j = 0; j < output.W; j++, k++)
            {
                var (p, q) = (start.H + i - centreH, start.W + j - centreW);
                _h[k] = (float)Reflect(hh * p + hw * q + centreH, input.H);
                _w[k] = (float)Reflect(wh * p + ww * q + centreW, input.W);
            }
    }

    /// <summary>Bilinear interpolation in the plane.</summary>
    /// <param name="input">C-order [H, W, D] of the input's extent.</param>
    /// <param name="output">C-order [H, W, D] of the part's extent.</param>
    public void Linear(ReadOnlySpan<float> input, Span<float> output)
    {
        var (depth, row, lastH, lastW) = (_output.D, _input.W * _input.D, _input.H - 1, _input.W - 1);
        for (var k = 0; k < _h.Length; k++)
        {
            var (h, w) = (_h[k], _w[k]);
            var (h0, w0) = ((int)h, (int)w);
            var (fh, fw) = (h - h0, w - w0);
            var near = h0 * row + w0 * _input.D + _startD;
            var (down, right) = (h0 < lastH ? row : 0, w0 < lastW ? _input.D : 0);
            for (var d = 0; d < depth; d++, near++)
            {
                var upper = input[near] + fw * (input[near + right] - input[near]);
                var lower = input[near + down] + fw * (input[near + down + right] - input[near + down]);
                output[k * depth + d] = upper + fh * (lower - upper);
            }
        }
    }

    /// <summary>The nearest voxel; halves go to the even index.</summary>
    /// <param name="input">C-order [H, W, D] of the input's extent.</param>
    /// <param name="output">C-order [H, W, D] of the part's extent.</param>
    public void Nearest<T>(ReadOnlySpan<T> input, Span<T> output)
    {
        var depth = _output.D;
        for (var k = 0; k < _h.Length; k++)
        {
            var from = ((int)MathF.Round(_h[k]) * _input.W + (int)MathF.Round(_w[k])) * _input.D + _startD;
            input.Slice(from, depth).CopyTo(output.Slice(k * depth, depth));
        }
    }

    /// <summary>
    /// Where each element of the part lies. The same as interpolating the input's coordinate maps, since these are linear in
    /// the index, and exact where interpolation would round.
    /// </summary>
    /// <param name="origin">Coordinates of the input's first voxel.</param>
    /// <param name="output">Three maps [3, H, W, D] of the part's extent.</param>
    public void Coordinates((double H, double W, double D) origin, Span<float> output)
    {
        var (depth, voxels) = (_output.D, _h.Length * _output.D);
        var outH = output[..voxels];
        var outW = output.Slice(voxels, voxels);
        var outD = output.Slice(2 * voxels, voxels);
        for (var (k, i) = (0, 0); k < _h.Length; k++)
            for (var d = 0; d < depth; d++, i++)
            {
                outH[i] = (float)(origin.H + _h[k]);
                outW[i] = (float)(origin.W + _w[k]);
                outD[i] = (float)(origin.D + _startD + d);
            }
    }

    /// <summary>Folds a position into [0, n − 1] by reflection at both ends.</summary>
    private static double Reflect(double x, int n)
    {
        if (x >= 0 && x <= n - 1) return x;
        if (n == 1) return 0;
        var period = 2.0 * (n - 1);
        x = Math.Abs(x) % period;
        return x > n - 1 ? period - x : x;
    }
}
