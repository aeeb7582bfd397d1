using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>Segments a subject by sliding windows of the first student's extent, one pass per foreground class (method.md, section 4).</summary>
public sealed class Segmenter
{
    private readonly PromptableUNet _network;
    private readonly bool _promptedBlocks;
    private readonly Device _device;
    private readonly SlidingWindow _window;

    /// <param name="network">Set to evaluation mode here.</param>
    /// <param name="promptedBlocks">Whether prompts enter the attention blocks.</param>
    /// <param name="overlap">Overlap of neighbouring windows as a share of the window.</param>
    /// <param name="device">Where the network lies.</param>
    public Segmenter(PromptableUNet network, bool promptedBlocks, double overlap, Device device)
    {
        (_network, _promptedBlocks, _device) = (network, promptedBlocks, device);
        _network.eval();
        var window = network.Configuration.StudentPatch;
        _window = new SlidingWindow(new SlidingWindowOptions { Window = window, Overlap = overlap, WindowsPerBatch = Math.Max(1, (int)(131_072 / window.Count)) });
    }

    /// <summary>Where the class's logit exceeds background's, C-order [H, W, D].</summary>
    public bool[] Segment(LoadedSubject subject, int label, CancellationToken cancellation)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var extent = subject.Extent;
        var volume = tensor(subject.Image, [1, 1, extent.H, extent.W, extent.D]);
        var logits = _window.Predict(volume, windows => Predict(windows, label), cancellation: cancellation); // [1, 2, H, W, D]
        return logits.argmax(1).eq(TensorArithmetic.Whole(1)).flatten().data<bool>().ToArray();
    }

    private Tensor Predict(Tensor windows, int label)
    {
        var active = ActiveClasses.Same((int)windows.shape[0], label);
        return _network.Forward(windows.to(_device), active, selfSupervisedOnly: !_promptedBlocks).Logits;
    }
}
