using PUNet.Core.Blocks.Attention;
using PUNet.Core.Models.Published;

namespace PUNet.Core.Tests.Models;

public sealed class PublishedNamesTests
{
    [Theory]
    [InlineData("stem.conv_skip.weight", "encoding_res_blocks.0.conv3.conv.weight")]
    [InlineData("encoder.2.block.shifted.attention.query.weight", "sia_res_blocks.2.sia.msa_blocks.1.attention.to_q.weight")]
    [InlineData("decoder.3.block.windowed.bias_scores.prompt_table.4", "sia_up_blocks.0.sia.attention_scores.0.encoding_cross_inst_content.4")]
    [InlineData("prompts.decoder.0.shifted.12", "sia_up_instruction_blocks_v2.7.instruction_tokens.instructions.12")]
    [InlineData("fixed_head.conv.bias", "conv_fixed.bias")]
    public void Names_are_translated(string ours, string published) => Assert.Equal(published, PublishedNames.Of(ours));

    [Fact]
    public void Every_tensor_of_every_kind_of_network_has_a_name_of_its_own()
    {
        using var network = SmallNetworks.Network(SmallNetworks.Flat with { FixedOutputChannels = 3, Bottlenecks = true });
        using var coded = SmallNetworks.Network(SmallNetworks.Flat with { BiasScores = BiasScores.Vit });
        foreach (var state in new[] { network.state_dict(), coded.state_dict() })
            Assert.Equal(state.Count, state.Keys.Select(PublishedNames.Of).Distinct().Count());
    }

    [Fact]
    public void An_unknown_name_is_refused() =>
        Assert.Contains(
            "no tensor 'encoder.0.block.windowed.query'",
            Assert.Throws<ArgumentException>(() => PublishedNames.Of("encoder.0.block.windowed.query")).Message);
}
