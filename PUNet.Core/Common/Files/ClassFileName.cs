namespace PUNet.Core.Common.Files;

/// <summary>
/// What a file of a class is called: its label, which is the class's alone, and so much of its name as can stand in every file name.
/// </summary>
internal static class ClassFileName
{
    private const int Longest = 40;

    /// <summary>For example 3-left_kidney.</summary>
    public static string Of(int label, string name) => $"{label}-{string.Concat(name.Take(Longest).Select(c => char.IsLetterOrDigit(c) ? c : '_'))}";
}
