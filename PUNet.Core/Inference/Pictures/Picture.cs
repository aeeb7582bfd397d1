using System.Runtime.InteropServices;
using PUNet.Core.Common.Files;
using PUNet.Core.Common.Native;
using SkiaSharp;

namespace PUNet.Core.Inference.Pictures;

/// <summary>A picture of 8-bit red, green and blue; black at first.</summary>
internal sealed class Picture
{
    private const int Channels = 4; // red, green, blue, and an opaque fourth that no file has

    private const int SmallQuality = 82; // of 100; outlines stay sharp enough

    private readonly byte[] _pixels;

    static Picture() => NativeSkia.Prepare();

    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Picture(int width, int height)
    {
        (Width, Height, _pixels) = (width, height, new byte[Channels * width * height]);
        for (var i = Channels - 1; i < _pixels.Length; i += Channels) _pixels[i] = byte.MaxValue;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>A pixel by column and row.</summary>
    public (byte R, byte G, byte B) this[int column, int row]
    {
        get
        {
            var at = At(column, row);
            return (_pixels[at], _pixels[at + 1], _pixels[at + 2]);
        }
        set
        {
            var at = At(column, row);
            (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = value;
        }
    }

    /// <summary>Writes a PNG; lossless and atomic.</summary>
    public void Write(string path) => Write(path, SKEncodedImageFormat.Png, 100);

    /// <summary>Writes a WebP of a tenth of a PNG's size, for the eye; atomic.</summary>
    public void WriteSmall(string path) => Write(path, SKEncodedImageFormat.Webp, SmallQuality);

    /// <summary>Reads a PNG or a WebP.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public static Picture Read(string path)
    {
        using var bitmap = SKBitmap.Decode(path, Layout(SKBitmap.DecodeBounds(path)))
            ?? throw new IOException($"{path} is no picture.");
        var picture = new Picture(bitmap.Width, bitmap.Height);
        Marshal.Copy(bitmap.GetPixels(), picture._pixels, 0, picture._pixels.Length);
        return picture;
    }

    private void Write(string path, SKEncodedImageFormat format, int quality)
    {
        using var image = SKImage.FromPixelCopy(Layout(Width, Height), _pixels);
        using var encoded = image.Encode(format, quality);
        AtomicFile.Write(path, encoded.SaveTo);
    }

    private static SKImageInfo Layout(SKImageInfo bounds) => Layout(bounds.Width, bounds.Height);

    private static SKImageInfo Layout(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);

    private int At(int column, int row)
    {
        if (column < 0 || column >= Width || row < 0 || row >= Height)
            throw new ArgumentOutOfRangeException(nameof(column), $"A picture of {Width}×{Height} has no pixel ({column}, {row}).");
        return Channels * (row * Width + column);
    }
}
