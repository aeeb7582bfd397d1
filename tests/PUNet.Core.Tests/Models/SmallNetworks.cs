using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;
using TorchSharp;

namespace PUNet.Core.Tests.Models;

/// <summary>Networks small enough for tests.</summary>
internal static class SmallNetworks
{
    public static readonly PromptableUNetConfiguration Flat = new()
    {
        Channels = [8, 8, 12, 12, 16],
        Heads = 2,
        PoolSize = 5,
        TokensPerClass = 4,
        Window = new Extent(4, 4, 1),
        StudentPatch = new Extent(32, 32, 1),
        SecondStudentPatch = new Extent(24, 24, 1),
        TeacherPatch = new Extent(40, 40, 1),
    };

    public static PromptableUNet Network(PromptableUNetConfiguration configuration, long seed = 1) =>
        new(configuration, new RandomStream(seed, "initialisation"));

    /// <summary>A batch of noise, [2, 1, 30, 26, D].</summary>
    public static torch.Tensor Image(int depth = 1)
    {
        using var generator = new RandomStream(3, "image").TorchGenerator();
        return torch.rand([2, 1, 30, 26, depth], generator: generator);
    }
}
