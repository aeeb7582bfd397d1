using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Grids;

/// <summary>
/// How a subject's source grid became its prepared grid: reorientation, crop, resampling, in-plane crop or padding, in this order.
/// Every step works along array axes, so the way back is one look-up table per axis.
/// </summary>
public sealed record GridTransform
{
    /// <summary>Extent of the source.</summary>
    public required Extent Source { get; init; }

    /// <summary>Geometry of the source.</summary>
    public required Geometry SourceGeometry { get; init; }

    /// <summary>First step: order and direction of the axes.</summary>
    public required Reorientation Reorientation { get; init; }

    /// <summary>Second step: first voxel kept on each reoriented axis.</summary>
    public required Extent CropStart { get; init; }

    /// <summary>Extent after the crop.</summary>
    public required Extent Cropped { get; init; }

    /// <summary>Third step: extent after resampling.</summary>
    public required Extent Resampled { get; init; }

    /// <summary>Fourth step: first resampled voxel of the prepared grid on each axis; negative where padding precedes it.</summary>
    public required IReadOnlyList<int> WindowStart { get; init; }

    /// <summary>Extent of the prepared grid.</summary>
    public required Extent Prepared { get; init; }

    /// <summary>Prepared spacing as a multiple of the source's, per reoriented axis.</summary>
    public required IReadOnlyList<double> Scale { get; init; }

    /// <summary>
    /// Geometry of the prepared grid: exactly the target spacing, the resampled box centred on the box it was made from (its extent is
    /// rounded to whole voxels, so the two differ by less than a voxel).
    /// </summary>
    public Geometry PreparedGeometry
    {
        get
        {
            var cropped = Reorientation.Apply(SourceGeometry, Source).Along(a => (1, CropStart[a]));
            return cropped.Along(a => (Scale[a], (Cropped[a] - 1) / 2.0 + Scale[a] * (WindowStart[a] - (Resampled[a] - 1) / 2.0)));
        }
    }

    /// <summary>An image on the prepared grid; padding is the (cropped, resampled) image's minimum.</summary>
    public float[] Image(float[] source)
    {
        var reoriented = Reorientation.Apply(source, Source);
        var cropped = Crop(reoriented, 0);
        var resampled = Resampling.Image(cropped, Cropped, Resampled);
        return Window(resampled, resampled.Min());
    }

    /// <summary>Labels on the prepared grid; padding is background.</summary>
    public T[] Labels<T>(T[] source) where T : struct =>
        Window(Resampling.Labels(Crop(Reorientation.Apply(source, Source), default), Cropped, Resampled), default);

    /// <summary>Labels of the prepared grid on the source grid: nearest voxel, background where the prepared grid does not reach.</summary>
    /// <param name="prepared">C-order on the prepared extent.</param>
    /// <param name="value">What stands on the source grid for a label; null: the label itself. Background stays 0.</param>
    public ushort[] Restore(ReadOnlySpan<byte> prepared, Func<byte, ushort>? value = null)
    {
        var values = Enumerable.Range(0, 256).Select(label => label == 0 ? (ushort)0 : value?.Invoke((byte)label) ?? (ushort)label).ToArray();
        return Restore<byte, ushort>(prepared, label => values[label]);
    }

    /// <summary>Numbers of the prepared grid on the source grid: of the nearest voxel, 0 where the prepared grid does not reach.</summary>
    /// <param name="prepared">C-order on the prepared extent.</param>
    public float[] Restore(ReadOnlySpan<float> prepared) => Restore<float, float>(prepared, number => number);

    private TTo[] Restore<TFrom, TTo>(ReadOnlySpan<TFrom> prepared, Func<TFrom, TTo> value) where TTo : struct
    {
        if (prepared.Length != Prepared.Count)
            throw new ArgumentException(
                $"The prepared grid {Prepared} has {Prepared.Count} voxels; given {prepared.Length} numbers.",
                nameof(prepared));
        var reoriented = Reorientation.Apply(Source);
        var (rows, columns, slices) = (Lookup(0, reoriented.H), Lookup(1, reoriented.W), Lookup(2, reoriented.D));
        var result = new TTo[reoriented.Count];
        for (var h = 0; h < reoriented.H; h++)
            for (var w = 0; w < reoriented.W; w++)
            {
                if (rows[h] < 0 || columns[w] < 0) continue;
                var from = prepared.Slice((rows[h] * Prepared.W + columns[w]) * Prepared.D, Prepared.D);
                var to = result.AsSpan((h * reoriented.W + w) * reoriented.D, reoriented.D);
                for (var d = 0; d < to.Length; d++)
                    if (slices[d] >= 0) to[d] = value(from[slices[d]]);
            }
        return Reorientation.Inverse().Apply(result, reoriented);
    }

    /// <summary>For every index of a reoriented axis the prepared index that covers it, or −1.</summary>
    private int[] Lookup(int axis, int length)
    {
        var table = new int[length];
        for (var i = 0; i < length; i++)
        {
            var cropped = i - CropStart[axis];
            if (cropped < 0 || cropped >= Cropped[axis])
            {
                table[i] = -1;
                continue;
            }
            var resampled = (int)Math.Floor(Resampling.Position(cropped, Resampled[axis], Cropped[axis]) + 0.5);
            var prepared = Math.Clamp(resampled, 0, Resampled[axis] - 1) - WindowStart[axis];
            table[i] = prepared >= 0 && prepared < Prepared[axis] ? prepared : -1;
        }
        return table;
    }

    private T[] Crop<T>(T[] voxels, T fill)
    {
        var extent = Reorientation.Apply(Source);
        return Cropped == extent ? voxels : PadOrCrop.Apply(voxels, extent, (CropStart.H, CropStart.W, CropStart.D), Cropped, fill);
    }

    private T[] Window<T>(T[] voxels, T fill) =>
        Prepared == Resampled ? voxels : PadOrCrop.Apply(voxels, Resampled, (WindowStart[0], WindowStart[1], WindowStart[2]), Prepared, fill);
}
