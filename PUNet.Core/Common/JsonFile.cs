using System.Text.Json;
using System.Text.Json.Serialization;

namespace PUNet.Core.Common;

/// <summary>Records as JSON files: indented, snake_case names, enums by name, written atomically.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes a record over an older file.</summary>
    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, JsonSerializer.Serialize(value, _options) + "\n");

    /// <summary>Reads a record; what keeps it from being one becomes the caller's own exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">Makes the exception from a sentence and its cause.</param>
    public static T Read<T>(string path, Func<string, Exception, Exception> fault) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), _options) ?? throw new JsonException("The file is empty.");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException or NotSupportedException)
        {
            throw fault(e.Message, e);
        }
    }
}
