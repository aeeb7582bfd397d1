using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models;

public sealed class NewClassPromptsTests
{
    [Fact]
    public void The_mean_of_the_base_classes_fills_the_new_classs_tokens_in_every_pool()
    {
        using var scope = NewDisposeScope();
        using var network = SmallNetworks.Network(SmallNetworks.Flat);
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        NewClassPrompts.TakeMean(network, [4], [1, 3]);
        foreach (var (name, value) in network.state_dict())
            if (name.StartsWith("prompts.") && name.EndsWith(".4"))
                Assert.True(value.allclose((before[name[..^1] + "1"] + before[name[..^1] + "3"]) / 2, atol: 1e-7), name);
            else Assert.True(value.Equals(before[name]), name);
    }

    [Fact]
    public void Random_prompts_come_from_the_stream_and_touch_only_the_new_class()
    {
        using var scope = NewDisposeScope();
        using var one = SmallNetworks.Network(SmallNetworks.Flat);
        using var two = SmallNetworks.Network(SmallNetworks.Flat);
        var before = one.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        NewClassPrompts.DrawRandom(one, [2], new RandomStream(9, "new"));
        NewClassPrompts.DrawRandom(two, [2], new RandomStream(9, "new"));
        var changed = one.state_dict().Where(entry => !entry.Value.Equals(before[entry.Key])).Select(entry => entry.Key).ToList();
        Assert.Equal(ParameterGroups.Of(one).Where(parameter => parameter.Class == 2).Select(parameter => parameter.Name).Order(), changed.Order());
        Assert.All(one.state_dict().Zip(two.state_dict()), pair => Assert.True(pair.First.Value.Equals(pair.Second.Value)));
    }
}
