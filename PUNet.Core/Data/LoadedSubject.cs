using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>A subject in memory with its whole normalised image.</summary>
/// <param name="Id">Name in the dataset.</param>
/// <param name="Image">Normalised intensities in [−1, 1], C-order [H, W, D].</param>
/// <param name="Labels">0 background, 1…n classes, <see cref="IgnoredLabel.Value"/> not annotated; C-order [H, W, D].</param>
/// <param name="Extent">H, W, D.</param>
public sealed record LoadedSubject(string Id, float[] Image, byte[] Labels, Extent Extent) : ISubjectVoxels
{
    private readonly Lazy<float> _minimum = new(() => Augmentation.Intensity.Range(Image).Low);

    /// <inheritdoc/>
    public float Minimum => _minimum.Value;

    /// <inheritdoc/>
    public void Read(long first, long step, Span<float> target)
    {
        if (step == 1) Image.AsSpan((int)first, target.Length).CopyTo(target);
        else
            for (var (i, at) = (0, first); i < target.Length; i++, at += step) target[i] = Image[at];
    }
}
