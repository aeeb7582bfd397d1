using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Benchmarks;

/// <summary>The networks that are measured.</summary>
internal static class Sizes
{
    /// <summary>Of the quick start.</summary>
    public static PromptableUNetConfiguration QuickStart { get; } = NetworkPresets.Small2d with
    {
        StudentPatch = new Extent(80, 64, 1),
        SecondStudentPatch = new Extent(64, 48, 1),
        TeacherPatch = new Extent(80, 64, 1),
    };

    /// <summary>Of the paper.</summary>
    public static PromptableUNetConfiguration Paper => NetworkPresets.Paper2d;
}
