using System.Text.Json;
using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Prepared;

/// <summary>How the records of a prepared dataset stand in files.</summary>
internal static class PreparedJson
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new Numbers<Extent, int>(extent => extent.ToArray(), n => new Extent(Three(n)[0], n[1], n[2])),
            new Numbers<Spacing, double>(spacing => spacing.ToArray(), x => new Spacing(Three(x)[0], x[1], x[2])),
            new Numbers<Geometry, double>(geometry => geometry.ToArray(), rows => new Geometry(rows)),
        },
    };

    /// <summary>Writes a record; atomic.</summary>
    public static void Write<T>(string path, T record) => AtomicFile.WriteText(path, JsonSerializer.Serialize(record, _options) + "\n");

    /// <summary>A record from its text.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    /// <exception cref="ArgumentException">A value is impossible.</exception>
    public static T Parse<T>(string text) where T : class => JsonSerializer.Deserialize<T>(text, _options) ?? throw new JsonException("It is empty.");

    /// <summary>Reads a record of a prepared dataset.</summary>
    /// <exception cref="DatasetException">It is missing or not what preparation writes.</exception>
    public static T Read<T>(string folder, string name) where T : class
    {
        var path = Path.Combine(folder, name);
        try
        {
            return Parse<T>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException(folder, $"is no prepared dataset: it has no {name}. Prepare the dataset again.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new DatasetException(path, $"is not what preparation writes: {e.Message} Prepare the dataset again.");
        }
    }

    private static IReadOnlyList<T> Three<T>(IReadOnlyList<T> numbers) =>
        numbers.Count == 3 ? numbers : throw new JsonException($"An extent or a spacing has three numbers; given {numbers.Count}.");

    /// <summary>A value as a plain list of numbers.</summary>
    private sealed class Numbers<T, TNumber>(Func<T, IReadOnlyList<TNumber>> from, Func<IReadOnlyList<TNumber>, T> to) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            to(JsonSerializer.Deserialize<List<TNumber>>(ref reader) ?? throw new JsonException("A list of numbers is missing."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, from(value));
    }
}
