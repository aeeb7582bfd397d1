using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Data.Batches;

/// <summary>Views of one extent, stacked; owns its tensors.</summary>
/// <param name="Image">[B, 1, H, W, D], float32.</param>
/// <param name="Labels">Class labels [B, H, W, D], int64.</param>
/// <param name="Coordinates">Voxels from the volume's centre [B, 3, H, W, D], float32.</param>
public sealed record ViewBatch(Tensor Image, Tensor Labels, Tensor Coordinates) : IDisposable
{
    /// <summary>Stacks views into new CPU tensors.</summary>
    /// <exception cref="ArgumentException">No view, or views of different extents.</exception>
    public static ViewBatch Stack(IReadOnlyList<View> views)
    {
        if (views.Count == 0) throw new ArgumentException("A batch needs at least one view.", nameof(views));
        var extent = views[0].Extent;
        if (views.Any(view => view.Extent != extent))
            throw new ArgumentException(
                $"Views of different extents cannot be stacked: {string.Join(", ", views.Select(v => v.Extent).Distinct())}.",
                nameof(views));
        using var scope = NewDisposeScope();
        var (b, h, w, d) = ((long)views.Count, (long)extent.H, (long)extent.W, (long)extent.D);
        var image = empty(new[] { b, 1, h, w, d }, ScalarType.Float32);
        var labels = empty(new[] { b, h, w, d }, ScalarType.Byte);
        var coordinates = empty(new[] { b, 3, h, w, d }, ScalarType.Float32);
        Fill(image, views, view => view.Image);
        Fill(labels, views, view => view.Labels);
        Fill(coordinates, views, view => view.Coordinates);
        return new(image.DetachFromDisposeScope(), labels.to_type(ScalarType.Int64).DetachFromDisposeScope(), coordinates.DetachFromDisposeScope());
    }

    /// <summary>The same batch on a device: itself if it is there already, else a copy, and the original is disposed.</summary>
    public ViewBatch MoveTo(Device device)
    {
        if (Image.device_type == device.type && (device.index < 0 || Image.device_index == device.index)) return this;
        var moved = new ViewBatch(
            Image.to(device).DetachFromDisposeScope(), Labels.to(device).DetachFromDisposeScope(), Coordinates.to(device).DetachFromDisposeScope());
        Dispose();
        return moved;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        Labels.Dispose();
        Coordinates.Dispose();
    }

    private static void Fill<T>(Tensor batch, IReadOnlyList<View> views, Func<View, T[]> part) where T : unmanaged
    {
        var memory = MemoryMarshal.Cast<byte, T>(batch.bytes);
        var length = memory.Length / views.Count;
        for (var b = 0; b < views.Count; b++) part(views[b]).AsSpan(0, length).CopyTo(memory[(b * length)..]);
    }
}
