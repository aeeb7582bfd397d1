namespace PUNet.Core.Inference.Pictures;

/// <summary>Sets pictures of equal or different size into a grid.</summary>
internal static class PanelMosaic
{
    private const int Gap = 6;

    /// <summary>Writes one PNG; null leaves a cell empty, no row writes nothing.</summary>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<string?>> rows) =>
        Write(path, [.. rows.Select(row => row.Select(file => file is null ? null : Picture.Read(file)).ToList())]);

    /// <inheritdoc cref="Write(string, IReadOnlyList{IReadOnlyList{string?}})"/>
    public static void Write(string path, IReadOnlyList<IReadOnlyList<Picture?>> cells)
    {
        if (cells.Count > 0) Of(cells).Write(path);
    }

    /// <summary>One picture of at least one row; null leaves a cell empty.</summary>
    public static Picture Of(IReadOnlyList<IReadOnlyList<Picture?>> cells)
    {
        var columns = cells.Max(row => row.Count);
        int[] widths = [.. Enumerable.Range(0, columns).Select(c => cells.Max(row => c < row.Count ? row[c]?.Width ?? 0 : 0))];
        int[] heights = [.. cells.Select(row => row.Max(cell => cell?.Height ?? 0))];
        var mosaic = new Picture(widths.Sum() + Gap * (columns - 1), heights.Sum() + Gap * (heights.Length - 1));
        for (int r = 0, top = 0; r < cells.Count; top += heights[r++] + Gap)
            for (int c = 0, left = 0; c < cells[r].Count; left += widths[c++] + Gap)
                Draw(mosaic, cells[r][c], left, top);
        return mosaic;
    }

    private static void Draw(Picture mosaic, Picture? cell, int left, int top)
    {
        for (var y = 0; y < cell?.Height; y++)
            for (var x = 0; x < cell.Width; x++)
                mosaic[left + x, top + y] = cell[x, y];
    }
}
