using PUNet.Core.Common;

namespace PUNet.Core.Models.Promptable;

/// <summary>The paper's settings (method.md, section 4, "Views"); everything else is the configuration's default.</summary>
public static class NetworkPresets
{
    /// <summary>2D slices: students 224² and 160², teacher 256², window 8×8×1.</summary>
    public static PromptableUNetConfiguration Paper2d { get; } = new();

    /// <summary>Four flat slices: students 112² and 80², teacher 128², window 6×6×2.</summary>
    public static PromptableUNetConfiguration Paper3dFlat { get; } = Of(112, 80, 128, 4, new Extent(6, 6, 2));

    /// <summary>Eight slices of a small patch: students 56² and 40², teacher 64², window 4×4×4.</summary>
    public static PromptableUNetConfiguration Paper3dAniso { get; } = Of(56, 40, 64, 8, new Extent(4, 4, 4));

    /// <summary>Eight slices of a large patch: students 112² and 80², teacher 128², window 6×6×4.</summary>
    public static PromptableUNetConfiguration Paper3dLarge { get; } = Of(112, 80, 128, 8, new Extent(6, 6, 4));

    private static PromptableUNetConfiguration Of(int first, int second, int teacher, int depth, Extent window) => new()
    {
        StudentPatch = new Extent(first, first, depth),
        SecondStudentPatch = new Extent(second, second, depth),
        TeacherPatch = new Extent(teacher, teacher, depth),
        Window = window,
    };
}
