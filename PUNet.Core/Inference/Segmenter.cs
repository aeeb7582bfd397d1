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
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var adapted = _part.LayOn();
        var extent = subject.Extent;
        var volume = tensor(subject.Image, [1, 1, extent.H, extent.W, extent.D]);
        var logits = _window.Predict(volume, windows => Predict(windows, active), cancellation: cancellation)[0]; // [1 + n, H, W, D]
        return active.Select((label, i) => (label, Margin(logits, i + 1))).ToDictionary();
    }

    private Tensor Predict(Tensor windows, IReadOnlyList<int> active)
    {
        var classes = ActiveClasses.Same((int)windows.shape[0], [.. active]);
        return _part.Network.forward(windows, classes, _part.PromptsInBlocks).Logits;
    }

    private static float[] Margin(Tensor logits, int channel)
    {
        using var scope = NewDisposeScope();
        var others = cat([logits.narrow(0, 0, channel), logits.narrow(0, channel + 1, logits.shape[0] - channel - 1)]).amax([0]);
        return logits[channel].Minus(others).flatten().data<float>().ToArray();
    }
}
