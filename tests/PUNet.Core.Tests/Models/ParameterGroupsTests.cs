using PUNet.Core.Common;
using PUNet.Core.Models;

namespace PUNet.Core.Tests.Models;

public sealed class ParameterGroupsTests
{
    [Fact]
    public void The_papers_2d_network_has_exactly_the_papers_numbers_of_parameters()
    {
        using var network = SmallNetworks.Network(NetworkPresets.Paper2d);
        var all = ParameterGroups.Of(network);
        var classOne = all.Where(parameter => parameter.Class == 1);
        Assert.Equal(6_758_304, ParameterGroups.Count(all.Where(parameter => parameter.Role == ParameterRole.Body)));
        Assert.Equal(43_520, ParameterGroups.Count(classOne.Where(parameter => parameter.Role == ParameterRole.PromptTokens)));
        Assert.Equal(57_344, ParameterGroups.Count(ParameterGroups.Trained(network, AdaptationVariant.Prompting, [1])));
    }
}
