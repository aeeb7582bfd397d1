using System.Text.Json;
using System.Text.Json.Serialization;

namespace PUNet.Core.Common.Files;

/// <summary>Records as JSON files: indented, snake_case names, enums by name, written atomically.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes a record over an older file.</summary>
    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, Text(value) + "\n");

    /// <summary>Reads a record; what keeps it from being one becomes the caller's own exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">Makes the exception from a sentence and its cause.</param>
    public static T Read<T>(string path, Func<string, Exception, Exception> fault) where T : class
    {
        try
        {
            return Parse<T>(File.ReadAllText(path), fault);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw fault(e.Message, e);
        }
    }

    /// <summary>A record as the text of such a file.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, _options);

    /// <summary>Reads a record from the text of such a file.</summary>
    public static T Parse<T>(string text, Func<string, Exception, Exception> fault) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, _options) ?? throw new JsonException("The file is empty.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw fault(e.Message, e);
        }
    }
}
