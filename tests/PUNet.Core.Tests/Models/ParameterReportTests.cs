using PUNet.Core.Imaging;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Tests.Models;

public sealed class ParameterReportTests
{
    private static readonly ModelCard _paper = new()
    {
        Network = NetworkPresets.Paper2d,
        Classes = ["liver", "bladder", "lungs"],
        BaseClasses = [1, 2],
        PromptsInBlocks = true,
        Normalisation = Normalisation.Paper,
    };

    [Fact]
    public void Prompting_at_the_papers_size_trains_the_papers_share()
    {
        var report = ParameterReport.OfVariant(_paper, AdaptationVariant.PromptTune, [3]);
        Assert.Equal("trainable 57,344 of 6,815,648 (0.84 %)", report.Summary);
        Assert.Equal(43_520, report.ByComponent.Single(count => count.Component == "prompt tokens").Trained);
        Assert.Equal(13_824, report.ByComponent.Single(count => count.Component == "prompt bias scores").Trained);
        Assert.Equal([3], report.ByClass.Where(count => count.Trained > 0).Select(count => count.Class));
        Assert.Equal(6_758_304, report.ByComponent.Where(count => count.Component is "stem" or "encoder" or "decoder").Sum(count => count.Frozen));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Low_rank_updates_have_a_row_and_a_column_for_every_rank_of_each_matrix(int rank)
    {
        var network = NetworkPresets.Paper2d;
        var report = ParameterReport.OfVariant(_paper, AdaptationVariant.TuneLowRank, [3], rank);
        // four projections in both halves of a block, in five levels of the encoder and four of the decoder; and a skip for each encoder level
        var projections = network.Channels.Concat(network.Channels.SkipLast(1)).Sum(channels => 2 * 4 * 2 * channels);
        var skips = network.Channels.Zip(network.Channels.Prepend(network.Channels[0]), (outputs, inputs) => inputs + outputs).Sum();
        Assert.Equal(rank * (projections + skips), report.ByComponent.Single(count => count.Component == "low-rank updates").Trained);
        Assert.Equal(["low-rank updates", "output layer"], report.ByComponent.Where(count => count.Trained > 0).Select(count => count.Component));
    }

    [Theory]
    [InlineData(AdaptationVariant.TuneBottlenecks)]
    [InlineData(AdaptationVariant.TuneLowRank)]
    public void Every_parameter_is_counted_once(AdaptationVariant variant)
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat.AdaptedBy(variant, 1));
        var all = network.parameters().Sum(parameter => parameter.numel());
        var trained = ParameterGroups.Trained(network, variant, [1]);
        foreach (var counts in new[] { ParameterReport.Of(network, []).Counts, ParameterReport.Of(network, trained).ByComponent })
            Assert.Equal(all, counts.Sum(count => count.Frozen + count.Trained));
    }

    [Fact]
    public void A_variant_with_an_output_layer_counts_it_beside_the_body()
    {
        var card = _paper with { Network = SmallNetworks.Flat };
        var report = ParameterReport.OfVariant(card, AdaptationVariant.TuneOutput, [3, 4]);
        Assert.Equal(["output layer"], report.ByComponent.Where(count => count.Trained > 0).Select(count => count.Component));
        Assert.Equal(8 + 8 + 8 * 3 + 3, report.Trained);
        Assert.Equal(ParameterReport.OfBackbone(card).Total + report.Trained, report.Total);
    }
}
