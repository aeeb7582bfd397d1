namespace PUNet.Core.Common.Settings;

/// <summary>What is wrong with settings, told by their names, so that whoever gave them finds where.</summary>
/// <param name="Settings">Names of the settings it is about, as <see cref="SettingName"/> gives them, the most likely one first.</param>
/// <param name="What">What is wrong, for example: heads (4) must divide channels (30).</param>
/// <param name="Rule">The rule that is broken; empty where <paramref name="What"/> says it.</param>
/// <param name="Given">What was given; empty where that is said.</param>
/// <param name="Remedy">What to do; may be empty.</param>
public sealed record Fault(IReadOnlyList<string> Settings, string What, string Rule = "", string Given = "", string Remedy = "")
{
    /// <summary>A fault of one setting.</summary>
    public Fault(string setting, string what, string rule = "", string given = "", string remedy = "")
        : this([setting], what, rule, given, remedy) { }

    /// <summary>One sentence.</summary>
    public override string ToString()
    {
        string[] parts = [What, Rule, Given.Length > 0 ? $"given: {Given}" : "", Remedy];
        return string.Join("; ", parts.Where(part => part.Length > 0)).TrimEnd('.') + ".";
    }
}
