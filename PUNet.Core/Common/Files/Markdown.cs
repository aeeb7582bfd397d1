using System.Text;

namespace PUNet.Core.Common.Files;

/// <summary>Text and tables of Markdown files (CommonMark with GitHub's tables); whatever a name holds is shown as it is.</summary>
public static class Markdown
{
    private const string Special = "\\`*[]<>&|~";

    /// <summary>A text in which no character means something to Markdown; line breaks become blanks.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (Special.Contains(text[i]) || (text[i] == '_' && !IsWithinWord(text, i))) escaped.Append('\\');
            escaped.Append(char.IsControl(text[i]) ? ' ' : text[i]);
        }
        return escaped.ToString();
    }

    /// <summary>A table, each line with its end.</summary>
    /// <param name="header">Names of the columns.</param>
    /// <param name="numbers">Which columns are set to the right.</param>
    /// <param name="rows">As many cells each as there are columns.</param>
    public static string Table(IReadOnlyList<string> header, IReadOnlyList<bool> numbers, IEnumerable<IReadOnlyList<string>> rows) =>
        Row(header) + Line(numbers.Select(right => right ? "---:" : "---")) + string.Concat(rows.Select(Row));

    private static string Row(IReadOnlyList<string> cells) => Line(cells.Select(Escape));

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    /// <summary>An underscore between letters or digits emphasises nothing.</summary>
    private static bool IsWithinWord(string text, int at) =>
        at > 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at - 1]) && char.IsLetterOrDigit(text[at + 1]);
}
