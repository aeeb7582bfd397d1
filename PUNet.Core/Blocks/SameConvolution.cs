using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>
/// A convolution with padding kernel / 2. Volumes of depth 1 take the 2D kernel; kernels of one voxel are a linear layer
/// over the channels (libtorch 2.10's strided 1×1 convolution of channels-last maps writes beyond its memory on a CPU).
/// </summary>
internal sealed class SameConvolution : nn.Module
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter? _bias;
    [ComponentName(Name = "low_rank")] private readonly LowRankUpdate? _update;

    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly bool _flat;
    private readonly bool _pointwise;

    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Odd kernel per axis.</param>
    /// <param name="stride">Stride per axis.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="initialisation">Source of the initial values.</param>
    /// <param name="lowRank">Rank of an update of the weight of a kernel of one voxel; null: none.</param>
    public SameConvolution(
        int inputs, int outputs, Extent kernel, Extent stride, bool hasBias, Initialisation initialisation, int? lowRank = null)
        : base(nameof(SameConvolution))
    {
        _weight = initialisation.Weight(outputs, inputs, kernel.H, kernel.W, kernel.D);
        if (hasBias) _bias = initialisation.Bias(inputs * kernel.Count, outputs);
        _stride = [stride.H, stride.W, stride.D];
        _padding = [kernel.H / 2, kernel.W / 2, kernel.D / 2];
        _flat = kernel.D == 1;
        _pointwise = kernel.Count == 1;
        if (lowRank is { } rank)
            _update = _pointwise
                ? new LowRankUpdate(inputs, outputs, rank, initialisation)
                : throw new ArgumentException($"Kernels of one voxel have low-rank updates, not {kernel}.", nameof(lowRank));
        RegisterComponents();
    }

    /// <summary>[B, C_in, H, W, D] to [B, C_out, ⌈H/s⌉, ⌈W/s⌉, ⌈D/s⌉].</summary>
    public Tensor forward(Tensor volume)
    {
        using var scope = NewDisposeScope();
        return Convolve(volume).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor volume)
    {
        if (_pointwise) return Pointwise(volume);
        if (!_flat || volume.shape[4] != 1)
            return MixedPrecision.Multiply(
                volume, _weight, _bias, (x, weight, bias) => nn.functional.conv3d(x, weight, bias, strides: _stride, padding: _padding));
        return MixedPrecision.Multiply(volume.squeeze(4), _weight.squeeze(4), _bias,
            (x, weight, bias) => nn.functional.conv2d(x, weight, bias, strides: _stride[..2], padding: _padding[..2])).unsqueeze(4);
    }

    private Tensor Pointwise(Tensor volume)
    {
        var last = volume.permute(0, 2, 3, 4, 1); // [B, H, W, D, C_in]
        for (var axis = 0; axis < 3; axis++)
            if (_stride[axis] > 1) last = last.slice(1 + axis, 0, last.shape[1 + axis], _stride[axis]);
        var matrix = _weight.flatten(1); // [C_out, C_in]
        return LinearLayer.Apply(last, _update is null ? matrix : _update.AddTo(matrix), _bias).permute(0, 4, 1, 2, 3);
    }
}
