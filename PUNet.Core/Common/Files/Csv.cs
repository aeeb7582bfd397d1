using System.Text;

namespace PUNet.Core.Common.Files;

/// <summary>
/// Comma-separated text as RFC 4180 has it: fields with commas, quotes or line breaks stand between quotes, quotes within are doubled.
/// Deviation: lines end in LF; blanks around a quoted field are not part of it.
/// </summary>
public static class Csv
{
    /// <summary>A record of a text.</summary>
    /// <param name="Line">Where it begins, from 1.</param>
    /// <param name="Fields">Its fields.</param>
    public sealed record Record(int Line, IReadOnlyList<string> Fields);

    /// <summary>The text of records, each with a line's end.</summary>
    public static string Write(IEnumerable<IReadOnlyList<string>> records) => string.Concat(records.Select(fields => Text(fields) + "\n"));

    /// <summary>The records of a text; empty lines are none.</summary>
    /// <exception cref="FormatException">A quote is not closed, or stands where none can.</exception>
    public static IReadOnlyList<Record> Read(string text)
    {
        var records = new List<Record>();
        var reader = new Reader(text.TrimStart('\uFEFF'));
        while (reader.Next() is { } record) records.Add(record);
        return records;
    }

    private static string Text(IReadOnlyList<string> fields) => fields is [""] ? "\"\"" : string.Join(',', fields.Select(Quoted));

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";

    private sealed class Reader(string text)
    {
        private int _at;
        private int _line = 1;

        public Record? Next()
        {
            while (_at < text.Length && IsBreak(text[_at])) Step();
            if (_at == text.Length) return null;
            var (line, fields) = (_line, new List<string> { Field() });
            while (_at < text.Length && text[_at] == ',')
            {
                _at++;
                fields.Add(Field());
            }
            return new Record(line, fields);
        }

        private string Field()
        {
            var first = _at;
            while (first < text.Length && text[first] is ' ' or '\t') first++;
            if (first < text.Length && text[first] == '"')
            {
                _at = first + 1;
                return QuotedField();
            }
            var start = _at;
            while (_at < text.Length && text[_at] != ',' && !IsBreak(text[_at])) Step();
            return text[start.._at].Contains('"')
                ? throw new FormatException($"has a quote within a field of line {_line} that does not begin with one; "
                    + "put the whole field between quotes and write quotes within it twice.")
                : text[start.._at];
        }

        private string QuotedField()
        {
            var (field, opened) = (new StringBuilder(), _line);
            while (_at < text.Length)
            {
                if (text[_at] != '"')
                {
                    field.Append(text[_at]);
                    Step();
                }
                else if (_at + 1 < text.Length && text[_at + 1] == '"')
                {
                    field.Append('"');
                    _at += 2;
                }
                else
                {
                    _at++;
                    while (_at < text.Length && text[_at] is ' ' or '\t') _at++;
                    return _at == text.Length || text[_at] == ',' || IsBreak(text[_at])
                        ? field.ToString()
                        : throw new FormatException($"has text behind a closing quote in line {_line}; write quotes within a field twice.");
                }
            }
            throw new FormatException($"has a quote in line {opened} that is not closed.");
        }

        private static bool IsBreak(char c) => c is '\n' or '\r';

        private void Step()
        {
            if (text[_at] == '\n' || (text[_at] == '\r' && (_at + 1 == text.Length || text[_at + 1] != '\n'))) _line++;
            _at++;
        }
    }
}
