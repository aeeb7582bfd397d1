using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>
/// A subject whose image is held as the 16-bit numbers it is stored as, and normalised as crops are cut: half the memory of
/// <see cref="LoadedSubject"/> and bit for bit the same crops.
/// </summary>
public sealed class CompactSubject : ISubjectVoxels
{
    private readonly short[] _image;
    private readonly Normalisation.Window _window;

    /// <param name="id">Name in the dataset.</param>
    /// <param name="image">Intensities in the source's unit, C-order [H, W, D]; kept, not copied.</param>
    /// <param name="labels">C-order [H, W, D]; kept, not copied.</param>
    /// <param name="extent">H, W, D.</param>
    /// <param name="window">How intensities become normalised ones.</param>
    public CompactSubject(string id, short[] image, byte[] labels, Extent extent, Normalisation.Window window)
    {
        if (image.Length != extent.Count || labels.Length != extent.Count)
            throw new ArgumentException(
                $"A subject of {extent} has {extent.Count} voxels; given {image.Length} intensities and {labels.Length} labels.");
        (Id, _image, Labels, Extent, _window) = (id, image, labels, extent, window);
        Span<float> minimum = [image.Length == 0 ? 0 : image.Min()];
        window.Map(minimum);
        Minimum = minimum[0];
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public Extent Extent { get; }

    /// <inheritdoc/>
    public byte[] Labels { get; }

    /// <inheritdoc/>
    public float Minimum { get; }

    /// <inheritdoc/>
    public void Read(long first, long step, Span<float> target)
    {
        for (var (i, at) = (0, first); i < target.Length; i++, at += step) target[i] = _image[at];
        _window.Map(target);
    }
}
