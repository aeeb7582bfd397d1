using System.Text.Json;
using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>The <c>subjects.json</c> of a prepared dataset.</summary>
/// <param name="Classes">Foreground class names.</param>
/// <param name="Subjects">What was prepared.</param>
/// <param name="LeftOut">What was not.</param>
internal sealed record SubjectsFile(IReadOnlyList<string> Classes, IReadOnlyList<PreparedSubject> Subjects, IReadOnlyList<LeftOutSubject> LeftOut)
{
    private const string Name = "subjects.json";

    /// <summary>How its records stand in files.</summary>
    internal static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
            new Numbers<Extent, int>(extent => extent.ToArray(), n => n.Count == 3 ? new Extent(n[0], n[1], n[2]) : throw new JsonException("An extent has three numbers.")),
            new Numbers<Spacing, double>(spacing => spacing.ToArray(), x => x.Count == 3 ? new Spacing(x[0], x[1], x[2]) : throw new JsonException("A spacing has three numbers.")),
            new Numbers<Geometry, double>(geometry => geometry.ToArray(), rows => new Geometry(rows)),
        },
    };

    /// <summary>Writes it to a folder.</summary>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, Name), JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads it from a folder.</summary>
    /// <exception cref="DatasetException">It is missing or not what preparation writes.</exception>
    public static SubjectsFile Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return JsonSerializer.Deserialize<SubjectsFile>(File.ReadAllText(path), Json) ?? throw new JsonException("It is empty.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException(folder, $"is no prepared dataset: it has no {Name}. Prepare the dataset again.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new DatasetException(path, $"is not what preparation writes: {e.Message} Prepare the dataset again.");
        }
    }

    /// <summary>A value as a plain list of numbers.</summary>
    private sealed class Numbers<T, TNumber>(Func<T, IReadOnlyList<TNumber>> from, Func<IReadOnlyList<TNumber>, T> to) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            to(JsonSerializer.Deserialize<List<TNumber>>(ref reader) ?? throw new JsonException("A list of numbers is missing."));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, from(value));
    }
}
