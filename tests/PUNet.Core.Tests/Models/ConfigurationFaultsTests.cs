using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Tests.Models;

public sealed class ConfigurationFaultsTests
{
    [Fact]
    public void Every_preset_is_sound()
    {
        foreach (var preset in new[] { NetworkPresets.Paper2d, NetworkPresets.Paper3dFlat, NetworkPresets.Paper3dAniso, NetworkPresets.Paper3dLarge })
            Assert.Empty(preset.Faults());
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var broken = SmallNetworks.Flat with
        {
            Channels = [30, 30, 60, 60, 60],
            Heads = 4,
            FixedOutputChannels = 1,
        };
        var failure = Assert.Throws<ConfigurationException>(() => SmallNetworks.Network(broken));
        Assert.Equal(
            [
                "heads (4) must divide channels (30).",
                "fixed_output_channels must be 1 + the most active classes, so at least 2, not 1.",
            ],
            failure.Faults);
        var empty = broken with { TokensPerClass = 0, Window = new Extent(8, 0, 1) };
        Assert.Equal(
            ["tokens_per_class is 0; it must be at least 1.", "window is 0; it must be at least 1."],
            empty.Faults().Select(fault => fault.ToString()));
    }

    [Fact]
    public void Combinations_that_cannot_work_are_refused()
    {
        Refused(Deep with { BiasScores = BiasScores.Vit }, fault => fault.StartsWith("bias_scores Vit"));
        Refused(
            SmallNetworks.Flat with { TokensPerClass = 2, Aggregation = SimilarityAggregation.TopThree },
            fault => fault.StartsWith("aggregation TopThree"));
        Refused(SmallNetworks.Flat with { LowRank = 9 }, fault => fault.StartsWith("rank (9) must not exceed channels (8)"));
        Refused(SmallNetworks.Flat with { TeacherPatch = new Extent(16, 40, 1) }, fault => fault.StartsWith("student_patch (32×32×1) must fit"));
        Refused(SmallNetworks.Flat with { TeacherPatch = new Extent(40, 40, 2) }, fault => fault.Contains("must have the same depth"));
    }

    private static PromptableUNetConfiguration Deep => SmallNetworks.Flat with
    {
        StudentPatch = new Extent(32, 32, 4),
        SecondStudentPatch = new Extent(24, 24, 4),
        TeacherPatch = new Extent(40, 40, 4),
    };

    private static void Refused(PromptableUNetConfiguration configuration, Predicate<string> fault) =>
        Assert.Contains(configuration.Faults().Select(fault => fault.ToString()).ToList(), fault);
}
