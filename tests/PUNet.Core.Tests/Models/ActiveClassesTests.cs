using PUNet.Core.Models;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class ActiveClassesTests
{
    [Fact]
    public void A_tensor_of_indicators_gives_the_foreground_classes_of_every_element()
    {
        using var indicators = tensor(new long[] { 1, 0, 1, 0, 1, 0, 0, 1, 1, 0 }).view(2, 5);
        var active = ActiveClasses.From(indicators);
        Assert.Equal([2, 4], active[0]);
        Assert.Equal([2, 3], active[1]);
        Assert.Equal((2, 2, 4), (active.Batch, active.Count, active.Largest));
    }

    [Fact]
    public void Different_counts_background_and_descending_classes_are_refused()
    {
        Assert.Contains("element 0 has 1, element 1 has 2", Assert.Throws<ArgumentException>(() => new ActiveClasses([[1], [1, 2]])).Message);
        Assert.Contains("at least 1", Assert.Throws<ArgumentException>(() => new ActiveClasses([[0, 1]])).Message);
        Assert.Contains("ascending", Assert.Throws<ArgumentException>(() => new ActiveClasses([[2, 1]])).Message);
    }
}
