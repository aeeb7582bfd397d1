using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Blocks;

public sealed class WindowGridTests
{
    public static TheoryData<int, int, int, bool> Sizes() => new()
    {
        { 8, 8, 1, false }, { 8, 8, 1, true }, { 13, 7, 1, false }, { 13, 7, 1, true }, { 3, 4, 1, false }, { 9, 10, 5, false }, { 9, 10, 5, true },
        { 2, 17, 8, true },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Partition_and_merge_restore_every_position(int height, int width, int depth, bool reference)
    {
        using var scope = NewDisposeScope();
        var grid = Grid(height, width, depth, reference);
        var map = arange(2L * height * width * depth * 3, float32).view(2, height, width, depth, 3);
        var padded = grid.Pad(map);
        foreach (var shifted in new[] { false, true })
        {
            var windows = grid.Partition(padded, shifted);
            Assert.Equal([2 * grid.Windows.Count, grid.Window.Count, 3], windows.shape);
            Assert.True(grid.Merge(windows, shifted).Equals(padded));
        }
        if (!reference) Assert.True(grid.Crop(padded).Equals(map));
    }

    [Fact]
    public void A_dilated_window_holds_every_mth_position()
    {
        using var scope = NewDisposeScope();
        var grid = new WindowGrid(new Extent(8, 4, 1), new Extent(4, 4, 1), AttentionSemantics.Reference);
        var windows = grid.Partition(arange(32, float32).view(1, 8, 4, 1, 1), shifted: false);
        Assert.Equal([4f, 12, 20, 28], windows[1, TensorIndex.Colon, 0].view(4, 4)[TensorIndex.Colon, 0].data<float>().ToArray());
    }

    [Fact]
    public void Padding_follows_the_semantics()
    {
        var paper = Grid(13, 8, 1, reference: false);
        Assert.Equal((new Extent(16, 8, 1), new Extent(1, 0, 0)), (paper.Padded, paper.Before));
        var reference = Grid(13, 8, 1, reference: true);
        Assert.Equal((new Extent(16, 12, 1), new Extent(2, 2, 0), new Extent(1, 2, 0)), (reference.Padded, reference.Before, reference.CropStart));
    }

    [Fact]
    public void A_window_shrinks_to_a_smaller_feature_map_and_is_not_shifted_there()
    {
        var grid = Grid(3, 9, 1, reference: false);
        Assert.Equal((new Extent(3, 4, 1), new Extent(0, 2, 0)), (grid.Window, grid.Shift));
    }

    private static WindowGrid Grid(int height, int width, int depth, bool reference) =>
        new(
            new Extent(height, width, depth), new Extent(4, 4, depth > 1 ? 2 : 1),
            reference ? AttentionSemantics.Reference : AttentionSemantics.Paper);
}
