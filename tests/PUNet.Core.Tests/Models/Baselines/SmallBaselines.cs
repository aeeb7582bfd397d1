using PUNet.Core.Common;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Baselines.SwinUnetr;
using PUNet.Core.Models.Baselines.UNet;
using PUNet.Core.Models.Baselines.Unetr;

namespace PUNet.Core.Tests.Models.Baselines;

/// <summary>The baselines' own code at sizes small enough for tests.</summary>
internal static class SmallBaselines
{
    public static readonly BaselineConfiguration UNet = Small(new UNetConfiguration { Channels = [4, 4, 6, 6, 8] });

    public static readonly BaselineConfiguration Unetr = Small(
        new UnetrConfiguration { FeatureSize = 4, HiddenSize = 16, MlpSize = 24, Heads = 2, Layers = 4 });

    public static readonly BaselineConfiguration SwinUnetr = Small(
        new SwinUnetrConfiguration { FeatureSize = 4, Heads = [1, 1, 2, 2], Window = 4 }) with
    {
        StudentPatch = new Extent(64, 64, 1),
        SecondStudentPatch = new Extent(64, 64, 1),
        TeacherPatch = new Extent(96, 64, 1),
    };

    /// <summary>Every architecture by the name under which a card stores it.</summary>
    public static IReadOnlyDictionary<string, BaselineConfiguration> All { get; } =
        new Dictionary<string, BaselineConfiguration> { ["unet"] = UNet, ["unetr"] = Unetr, ["swin_unetr"] = SwinUnetr };

    public static BaselineNetwork Network(BaselineConfiguration configuration, long seed = 1) =>
        new(configuration, new RandomStream(seed, "initialisation"));

    private static BaselineConfiguration Small(BaselineConfiguration configuration) => configuration with
    {
        OutputFeatures = 6,
        StudentPatch = new Extent(48, 48, 1),
        SecondStudentPatch = new Extent(32, 32, 1),
        TeacherPatch = new Extent(64, 48, 1),
    };
}
