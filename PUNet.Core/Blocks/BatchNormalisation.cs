using PUNet.Core.Common;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks;

/// <summary>
/// Batch normalisation as TorchSharp's modules compute it, bit for bit, whose count of batches is raised by a number that is kept: theirs
/// is freed by the finalizer at times while libtorch reads it (<see cref="TensorArithmetic"/>).
/// </summary>
internal static class BatchNormalisation
{
    /// <summary>Normalises each channel: by the batch's statistics in training, else by the running ones.</summary>
    /// <param name="norm">A module with running statistics and a momentum, as its constructor makes it.</param>
    /// <param name="map">[B, C, …].</param>
    /// <returns>[B, C, …].</returns>
    public static Tensor Normalise(this BatchNorm norm, Tensor map)
    {
        if (norm.training) norm.num_batches_tracked!.add_(TensorArithmetic.Whole(1), TensorArithmetic.Whole(1));
        return nn.functional.batch_norm(
            map, norm.running_mean, norm.running_var, norm.weight, norm.bias, norm.training, norm.momentum!.Value, norm.eps);
    }
}
