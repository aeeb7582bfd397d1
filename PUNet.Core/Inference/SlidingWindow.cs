using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>
/// Predicts a volume window by window and blends what overlaps (method.md, section 6). Memory beyond the volume: the summed
/// logits, one map of weights, and one batch of windows.
/// </summary>
public sealed class SlidingWindow
{
    private readonly SlidingWindowOptions _options;

    /// <exception cref="ConfigurationException">The options have faults.</exception>
    public SlidingWindow(SlidingWindowOptions options)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        _options = options;
    }

    /// <summary>How many windows a volume of this extent has.</summary>
    public int Count(Extent volume)
    {
        var padded = Extent.From(axis => Math.Max(volume[axis], _options.Window[axis]));
        return SlidingWindowPositions.Starts(padded, _options.Window, _options.Overlap).Count;
    }

    /// <summary>Blended predictions of a whole volume, without gradients.</summary>
    /// <param name="volume">[1, C, H, W, D], float32.</param>
    /// <param name="predict">Gives [N, K, h, w, d] for windows [N, C, h, w, d]; N may be smaller in the last call. May compute on another
    /// device.</param>
    /// <param name="report">Told after every batch of windows.</param>
    /// <param name="cancellation">Ends the work between batches.</param>
    /// <returns>[1, K, H, W, D] on the volume's device, float32.</returns>
    public Tensor Predict(
        Tensor volume, Func<Tensor, Tensor> predict, Action<StageEvent>? report = null, CancellationToken cancellation = default)
    {
        if (volume.dim() != 5 || volume.shape[0] != 1)
            throw new ArgumentException($"A volume must be [1, C, H, W, D], not [{string.Join(", ", volume.shape)}].", nameof(volume));
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var (padded, before) = Pad(volume);
        // Depth first: a window of one slice then lies in whole rows of memory.
        var source = padded.squeeze(0).permute(0, 3, 1, 2).contiguous(); // [C, D, H, W]
        var size = new Extent((int)source.shape[2], (int)source.shape[3], (int)source.shape[1]);
        var starts = SlidingWindowPositions.Starts(size, _options.Window, _options.Overlap);
        var weights = WindowWeights.Of(_options.Blending, _options.Window).permute(2, 0, 1).to(volume.device); // [d, h, w]
        var total = zeros(source.shape[1..], device: volume.device); // [D, H, W]
        Tensor? sum = null; // [K, D, H, W]
        for (var first = 0; first < starts.Count; first += _options.WindowsPerBatch)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var here = starts.Skip(first).Take(_options.WindowsPerBatch).ToList();
            var windows = stack(here.Select(start => Window(source, start).permute(0, 2, 3, 1)).ToList()); // [N, C, h, w, d]
            var predicted = predict(windows).to(ScalarType.Float32, volume.device);
            Check(windows, predicted);
            sum ??= zeros([predicted.shape[1], .. total.shape], device: volume.device).MoveToOuterDisposeScope();
            for (var n = 0; n < here.Count; n++)
            {
                Window(sum, here[n]).addcmul_(predicted[n].permute(0, 3, 1, 2), weights, TensorArithmetic.Whole(1));
                Window(total.unsqueeze(0), here[n]).PlusInPlace(weights);
            }
            report?.Invoke(new StageEvent.Progress("window", first + here.Count, starts.Count, ""));
        }
        var blended = sum!.div_(total).permute(0, 2, 3, 1).unsqueeze(0); // [1, K, H, W, D]
        for (var axis = 0; axis < 3; axis++) blended = blended.narrow(axis + 2, before[axis], volume.shape[axis + 2]);
        return blended.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Zero-pads to the window, floor of half the missing part before; also gives the padding before each axis.</summary>
    private (Tensor Padded, Extent Before) Pad(Tensor volume)
    {
        var missing = Extent.From(axis => (int)Math.Max(0, _options.Window[axis] - volume.shape[axis + 2]));
        var before = Extent.From(axis => missing[axis] / 2);
        if (missing == default) return (volume.alias(), before);
        long Before(int axis) => before[axis];
        long After(int axis) => missing[axis] - before[axis];
        return (nn.functional.pad(volume, [Before(2), After(2), Before(1), After(1), Before(0), After(0)]), before);
    }

    /// <summary>The part [·, d, h, w] of [·, D, H, W] under a window, without a copy.</summary>
    private Tensor Window(Tensor whole, Extent start)
    {
        var window = _options.Window;
        return whole.narrow(1, start.D, window.D).narrow(2, start.H, window.H).narrow(3, start.W, window.W);
    }

    private static void Check(Tensor windows, Tensor predicted)
    {
        if (predicted.dim() != 5 || predicted.shape[0] != windows.shape[0] || !predicted.shape[2..].SequenceEqual(windows.shape[2..]))
            throw new ArgumentException(
                $"A prediction of windows [{string.Join(", ", windows.shape)}] must be [N, K, h, w, d] of the same N, h, w, d; "
                    + $"it is [{string.Join(", ", predicted.shape)}].");
    }
}
