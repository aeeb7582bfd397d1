using PUNet.Core.Common;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>The patches of the published settings (method.md, section 4, "Views"), for files that do not tell theirs.</summary>
internal static class PublishedPatches
{
    private const int DeepestKernel = 3;

    /// <summary>The patches of the published setting with this window and depth; else those of the 2D setting, as deep as the kernels say.</summary>
    /// <param name="window">The attention's window.</param>
    /// <param name="depthKernels">Kernels in depth of the encoder's levels: n levels of 3 are patches of 4·2^(n−1) slices.</param>
    public static (Extent Student, Extent Second, Extent Teacher) For(Extent window, IReadOnlyList<int> depthKernels)
    {
        var levels = depthKernels.TakeWhile(kernel => kernel == DeepestKernel).Count();
        var depth = levels == 0 ? 1 : 4 << (levels - 1);
        var presets = new[] { NetworkPresets.Paper2d, NetworkPresets.Paper3dFlat, NetworkPresets.Paper3dAniso, NetworkPresets.Paper3dLarge };
        var setting = presets.FirstOrDefault(preset => preset.Window == window && preset.StudentPatch.D == depth) ?? NetworkPresets.Paper2d;
        return (Deep(setting.StudentPatch), Deep(setting.SecondStudentPatch), Deep(setting.TeacherPatch));

        Extent Deep(Extent patch) => patch with { D = depth };
    }

    /// <summary>The square patch that a 2D position code of this many positions covers; null without a code, or for no square.</summary>
    public static Extent? Teacher(int? positions)
    {
        if (positions is not { } count) return null;
        var side = (int)Math.Round(Math.Sqrt(count));
        return side * side == count ? new Extent(2 * side, 2 * side, 1) : null;
    }
}
