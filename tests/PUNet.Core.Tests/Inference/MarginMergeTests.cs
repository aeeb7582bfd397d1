using PUNet.Core.Inference;

namespace PUNet.Core.Tests.Inference;

public sealed class MarginMergeTests
{
    [Fact]
    public void Where_masks_overlap_the_larger_margin_wins_and_of_equal_ones_the_first()
    {
        var merge = new MarginMerge(5);
        merge.Add(3, [1, 2, -1, 0, 0.5f]);
        merge.Add(2, [2, 1, -2, -1, 0.5f]);
        Assert.Equal([2, 3, 0, 0, 3], merge.Labels);
    }

    [Fact]
    public void Margins_of_another_volume_are_refused() => Assert.Throws<ArgumentException>(() => new MarginMerge(2).Add(1, [1]));
}
