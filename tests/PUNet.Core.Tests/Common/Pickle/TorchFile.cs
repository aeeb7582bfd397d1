using System.IO.Compression;
using System.Text;

namespace PUNet.Core.Tests.Common.Pickle;

/// <summary>Writes files of PyTorch's layout.</summary>
internal static class TorchFile
{
    /// <summary>A zip archive, not compressed, with a description and storages in one folder.</summary>
    public static void Write(
        string path, PickleWriter content, string? byteOrder = "little", CompressionLevel compression = CompressionLevel.NoCompression)
    {
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        Add("data.pkl", content.Done());
        if (byteOrder is not null) Add("byteorder", Encoding.UTF8.GetBytes(byteOrder));
        for (var key = 0; key < content.Storages.Count; key++) Add($"data/{key}", content.Storages[key]);
        Add("version", "3\n"u8.ToArray());

        void Add(string name, byte[] bytes)
        {
            using var stream = archive.CreateEntry("archive/" + name, compression).Open();
            stream.Write(bytes);
        }
    }
}
