using System.Text.Json;
using System.Text.Json.Serialization;

namespace PUNet.Core.Imaging;

/// <summary>An orientation in JSON: its three letters.</summary>
internal sealed class OrientationJson : JsonConverter<Orientation>
{
    /// <inheritdoc/>
    public override Orientation Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return Orientation.Parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Orientation value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}
