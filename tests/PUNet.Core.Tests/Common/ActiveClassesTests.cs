using PUNet.Core.Common;

namespace PUNet.Core.Tests.Common;

public sealed class ActiveClassesTests
{
    [Fact]
    public void They_tell_batch_count_and_the_largest_class()
    {
        var active = new ActiveClasses([[2, 4], [2, 3]]);
        Assert.Equal([2, 3], active[1]);
        Assert.Equal((2, 2, 4), (active.Batch, active.Count, active.Largest));
        Assert.Equal((3, 0, 0), (ActiveClasses.None(3).Batch, ActiveClasses.None(3).Count, ActiveClasses.None(3).Largest));
    }

    [Fact]
    public void Different_counts_background_the_ignored_label_and_classes_that_do_not_ascend_are_refused()
    {
        static string Message(params int[][] classes) => Assert.Throws<ArgumentException>(() => new ActiveClasses(classes)).Message;
        Assert.Equal("Every batch element has the same number of active classes: element 0 has 1, element 1 has 2.", Message([1], [1, 2]));
        Assert.Equal("Active classes are foreground (1 to 254) and ascending: element 0 has 0, 1.", Message([0, 1]));
        Assert.Equal("Active classes are foreground (1 to 254) and ascending: element 1 has 2, 1.", Message([1, 2], [2, 1]));
        Assert.Equal("Active classes are foreground (1 to 254) and ascending: element 0 has 3, 3.", Message([3, 3]));
        Assert.Equal("Active classes are foreground (1 to 254) and ascending: element 0 has 7, 255.", Message([7, 255]));
        Assert.StartsWith("Active classes need at least one batch element.", Message());
    }

    [Fact]
    public void Further_classes_are_active_in_every_element_in_their_order()
    {
        var active = new ActiveClasses([[2], [5]]).With([4, 1]);
        Assert.Equal([1, 2, 4], active[0]);
        Assert.Equal([1, 4, 5], active[1]);
        Assert.Contains("element 1 has 1, 5, 5", Assert.Throws<ArgumentException>(() => new ActiveClasses([[2], [5]]).With([1, 5])).Message);
    }
}
