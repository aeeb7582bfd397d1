using PUNet.Core.Common;
using TorchSharp;

namespace PUNet.Core.Data.Batches;

/// <summary>What one step of a downstream adaptation reads; owns its tensors.</summary>
/// <param name="View">Views of the first student's extent.</param>
/// <param name="Active">The active classes of the batch elements.</param>
/// <param name="Frames">Per batch element the subject it was cut from.</param>
public sealed record SupervisedBatch(ViewBatch View, ActiveClasses Active, IReadOnlyList<string> Frames) : IDisposable
{
    /// <summary>The same batch on a device; a copy replaces the original, which is disposed.</summary>
    public SupervisedBatch MoveTo(torch.Device device) => this with { View = View.MoveTo(device) };

    /// <inheritdoc/>
    public void Dispose() => View.Dispose();
}
