using PUNet.Core.Common;
using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Tests.Inference.Pictures;

public sealed class PictureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 256)]
    [InlineData(97, 61, 2)]
    [InlineData(120, 90, 17)] // more than sixteen colours and fewer than 256, which once came out as noise
    [InlineData(120, 90, 120)]
    [InlineData(256, 128, 256)]
    public void Every_pixel_of_a_written_picture_reads_back(int width, int height, int levels)
    {
        var random = new RandomStream(levels, "picture");
        var picture = new Picture(width, height);
        for (var column = 0; column < width; column++)
            for (var row = 0; row < height; row++)
            {
                var grey = (byte)(random.Integer(0, levels) * 255 / Math.Max(1, levels - 1));
                picture[column, row] = random.Chance(0.2) ? (grey, (byte)(255 - grey), (byte)0) : (grey, grey, grey);
            }
        picture.Write(_folder.File("picture.png"));
        Same(picture, Picture.Read(_folder.File("picture.png")));
    }

    [Fact]
    public void A_mosaic_holds_its_pictures_unchanged_and_black_where_there_is_none()
    {
        var (red, blue) = (Filled(4, 3, (200, 10, 10)), Filled(2, 5, (10, 10, 200)));
        red.Write(_folder.File("red.png"));
        blue.Write(_folder.File("blue.png"));
        PanelMosaic.Write(_folder.File("mosaic.png"), [[_folder.File("red.png"), null], [null, _folder.File("blue.png")]]);
        var mosaic = Picture.Read(_folder.File("mosaic.png"));
        Assert.Equal((4 + 6 + 2, 3 + 6 + 5), (mosaic.Width, mosaic.Height));
        for (var column = 0; column < mosaic.Width; column++)
            for (var row = 0; row < mosaic.Height; row++)
                Assert.Equal(
                    column < 4 && row < 3 ? (200, 10, 10) : column >= 10 && row >= 9 ? (10, 10, 200) : ((int, int, int))(0, 0, 0),
                    ((int, int, int))mosaic[column, row]);
    }

    [Fact]
    public void What_is_no_picture_and_pixels_outside_are_refused()
    {
        File.WriteAllText(_folder.File("text.png"), "text");
        Assert.Contains("is no picture", Assert.Throws<IOException>(() => Picture.Read(_folder.File("text.png"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Picture(2, 2)[2, 0]);
    }

    private static Picture Filled(int width, int height, (byte, byte, byte) colour)
    {
        var picture = new Picture(width, height);
        for (var column = 0; column < width; column++)
            for (var row = 0; row < height; row++) picture[column, row] = colour;
        return picture;
    }

    private static void Same(Picture expected, Picture actual)
    {
        Assert.Equal((expected.Width, expected.Height), (actual.Width, actual.Height));
        for (var column = 0; column < expected.Width; column++)
            for (var row = 0; row < expected.Height; row++) Assert.Equal(expected[column, row], actual[column, row]);
    }
}
