using PUNet.Core.Common;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Baselines.SwinUnetr;
using PUNet.Core.Models.Baselines.UNet;
using PUNet.Core.Models.Baselines.Unetr;

namespace PUNet.Core.Tests.Models.Baselines;

public sealed class BaselineConfigurationTests
{
    [Fact]
    public void The_published_sizes_and_the_small_ones_are_sound()
    {
        BaselineConfiguration[] all = [new UNetConfiguration(), new UnetrConfiguration(), new SwinUnetrConfiguration(), .. SmallBaselines.All.Values];
        foreach (var configuration in all)
            Assert.Empty(configuration.Faults());
    }

    [Fact]
    public void Patches_that_an_architecture_cannot_take_are_told_with_its_rule()
    {
        Assert.Equal(
            ["student_patch (44×48×1) must be a multiple of 8 voxels in-plane: UNet halves its maps that often."],
            (SmallBaselines.UNet with { StudentPatch = new Extent(44, 48, 1) }).Faults().Select(fault => fault.ToString()).ToList());
        Assert.Equal(
            ["second_student_patch (32×40×1) must be a multiple of 16 voxels in-plane: UNETR halves its maps that often."],
            (SmallBaselines.Unetr with { SecondStudentPatch = new Extent(32, 40, 1) }).Faults().Select(fault => fault.ToString()).ToList());
        Assert.Equal(
            ["second_student_patch (32×64×1) must be a multiple of 32 voxels in-plane, at least 64: SwinUNETR halves its maps that often."],
            (SmallBaselines.SwinUnetr with { SecondStudentPatch = new Extent(32, 64, 1) }).Faults().Select(fault => fault.ToString()).ToList());
        var deep = SmallBaselines.UNet with
        {
            StudentPatch = new Extent(48, 48, 4),
            SecondStudentPatch = new Extent(32, 32, 4),
            TeacherPatch = new Extent(64, 48, 4),
        };
        Assert.Equal(3, deep.Faults().Count(fault => fault.ToString().EndsWith("must have a depth of 1: UNet works on slices.")));
    }

    [Fact]
    public void Sizes_that_do_not_fit_each_other_are_told_all_at_once()
    {
        var unetr = new UnetrConfiguration { HiddenSize = 30, Heads = 4, Layers = 6 };
        Assert.Equal(
            [
                "heads (4) must divide hidden_size (30).",
                "layers must be a multiple of 4, as the decoder reads the state after every quarter, not 6.",
            ],
            unetr.Faults().Select(fault => fault.ToString()).ToList());
        var swin = new SwinUnetrConfiguration { Heads = [3, 5, 12, 24], Depths = [2, 2, 2] };
        Assert.Equal(
            [
                "depths must name the 4 stages, not 3.",
                "heads (5) must divide the channels of their stage (48, by feature_size 24).",
            ],
            swin.Faults().Select(fault => fault.ToString()).ToList());
    }
}
