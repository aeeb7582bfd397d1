using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Models.Parameters;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>
/// Segments a subject by sliding windows of the first student's extent (method.md, section 4). What a pass says of a class is
/// its margin: its blended logit less the largest other one of the pass. A positive margin is where the pass's argmax is the class.
/// </summary>
public sealed class Segmenter
{
    private readonly ModelPart _part;
    private readonly SlidingWindow _window;

    /// <param name="part">Its network is set to evaluation mode here.</param>
    /// <param name="overlap">Overlap of neighbouring windows as a share of the window.</param>
    public Segmenter(ModelPart part, double overlap)
    {
        _part = part;
        _part.Network.eval();
        var window = part.Network.Configuration.StudentPatch;
        _window = new SlidingWindow(
            new SlidingWindowOptions { Window = window, Overlap = overlap, WindowsPerBatch = Math.Max(1, (int)(131_072 / window.Count)) });
    }

    /// <summary>The passes that segment some classes: all channels of a fixed output layer at once; else one class a pass, or all in one.</summary>
    /// <param name="labels">The classes that are wanted, ascending.</param>
    /// <param name="together">All of them in one pass.</param>
    public IReadOnlyList<IReadOnlyList<int>> Passes(IReadOnlyList<int> labels, bool together)
    {
        if (_part.FixedClasses is { } classes) return [classes];
        return together ? [labels] : [.. labels.Select(label => (IReadOnlyList<int>)[label])];
    }

    /// <summary>One pass with some classes active.</summary>
    /// <param name="subject">The image, [H, W, D].</param>
    /// <param name="active">One of <see cref="Passes"/>.</param>
    /// <param name="cancellation">Ends the work between batches of windows.</param>
    /// <returns>By class label its margin, C-order [H, W, D].</returns>
    public IReadOnlyDictionary<int, float[]> Margins(LoadedSubject subject, IReadOnlyList<int> active, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var logits = Logits(Volume(subject.Image, subject.Extent), active, null, cancellation);
        return active.Select((label, i) => (label, Margin(logits, i + 1))).ToDictionary();
    }

    /// <summary>An image where the network computes, [1, 1, H, W, D]; the caller disposes it.</summary>
    /// <param name="image">Normalised, C-order [H, W, D].</param>
    /// <param name="extent">H, W, D.</param>
    internal Tensor Volume(float[] image, Extent extent)
    {
        using var scope = NewDisposeScope();
        return tensor(image, [1, 1, extent.H, extent.W, extent.D]).to(_part.Network.Place.Device).MoveToOuterDisposeScope();
    }

    /// <summary>How many windows a pass over an image of this extent has.</summary>
    internal int Windows(Extent extent) => _window.Count(extent);

    /// <summary>Blended logits of one pass, [1 + n, H, W, D], background first; the caller disposes them.</summary>
    /// <param name="volume">Of <see cref="Volume"/>.</param>
    /// <param name="active">One of <see cref="Passes"/>.</param>
    /// <param name="report">Told after every batch of windows.</param>
    /// <param name="cancellation">Ends the work between batches of windows.</param>
    internal Tensor Logits(Tensor volume, IReadOnlyList<int> active, Action<StageEvent>? report, CancellationToken cancellation)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var adapted = _part.LayOn();
        return _window.Predict(volume, windows => Predict(windows, active), report, cancellation).squeeze(0).MoveToOuterDisposeScope();
    }

    /// <summary>How far a channel's logits lie above the largest of the others, C-order [H, W, D].</summary>
    /// <param name="logits">Of <see cref="Logits"/>.</param>
    /// <param name="channel">From 1.</param>
    internal static float[] Margin(Tensor logits, int channel)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var others = logits.shape[0] == 2
            ? logits[1 - channel]
            : cat([logits.narrow(0, 0, channel), logits.narrow(0, channel + 1, logits.shape[0] - channel - 1)]).amax([0]);
        return logits[channel].Minus(others).cpu().flatten().data<float>().ToArray();
    }

    private Tensor Predict(Tensor windows, IReadOnlyList<int> active)
    {
        var classes = ActiveClasses.Same((int)windows.shape[0], [.. active]);
        return _part.Network.forward(windows, classes, _part.PromptsInBlocks).Logits;
    }
}
