using PUNet.Core.Common;

namespace PUNet.Core.Models.Promptable;

/// <summary>
/// Settings that go together: the paper's (method.md, section 4, "Views"), everything else being the configuration's default; and a small one.
/// </summary>
public static class NetworkPresets
{
    /// <summary>
    /// Not the paper's: a twentieth of its parameters, for two processor cores. Slices of 96² in 112², and a logit scale of 8, without which prompts
    /// do not find small organs (docs/prompts.md).
    /// </summary>
    public static PromptableUNetConfiguration Small2d { get; } = new()
    {
        Channels = [16, 24, 32, 48, 64],
        Heads = 4,
        Window = new Extent(4, 4, 1),
        TokensPerClass = 8,
        StudentPatch = new Extent(96, 96, 1),
        SecondStudentPatch = new Extent(64, 64, 1),
        TeacherPatch = new Extent(112, 112, 1),
        LogitScale = 8,
    };

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
