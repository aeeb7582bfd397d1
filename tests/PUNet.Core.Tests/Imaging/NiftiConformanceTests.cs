using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Tests.Imaging;

public sealed class NiftiConformanceTests
{
    [DataFact("nifti-conformance/expected.json")]
    public void Every_file_reads_as_nibabel_reads_it_or_is_refused()
    {
        var root = Path.Combine(DataFactAttribute.Folder!, "nifti-conformance");
        var cases = JsonDocument.Parse(
            Regex.Replace(
                File.ReadAllText(Path.Combine(root, "expected.json")), @"(?<=[\s\[:,])-?(NaN|Infinity)(?=[\s\],}])",
                "null")).RootElement.EnumerateArray().ToList();
        var faults = new List<string>();
        foreach (var expected in cases)
        {
            var file = expected.GetProperty("file").GetString()!;
            try
            {
                Check(NiftiFile.Open(Path.Combine(root, file)), expected, fault => faults.Add($"{file}: {fault}"));
            }
            catch (ImageFileException refused)
            {
                if (!MayBeRefused(expected)) faults.Add($"refused, {refused.Message}");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} faults in {cases.Count} files:\n{string.Join("\n", faults)}");
    }

    private static bool MayBeRefused(JsonElement expected) =>
        expected.TryGetProperty("nib_error", out _) || !expected.TryGetProperty("data_sha256_f64le_Forder", out _);

    private static void Check(NiftiFile file, JsonElement expected, Action<string> fault)
    {
        var values = file.ReadValues();
        if (MayBeRefused(expected))
        {
            fault("was read, though it should be refused");
            return;
        }
        var shape = expected.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToList();
        if (!shape.SequenceEqual(file.Header.Shape)) fault($"shape {string.Join("×", file.Header.Shape)}, expected {string.Join("×", shape)}");
        var affine = expected.GetProperty("affine").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(x => x.GetDouble())).Take(12)
            .ToList();
        var furthest = affine.Zip(file.Header.Affine, (x, y) => Math.Abs(x - y)).Max();
        if (!(furthest <= 2e-5)) fault($"affine off by {furthest}: {string.Join(" ", file.Header.Affine)} for {string.Join(" ", affine)}");
        var codes = expected.GetProperty("axcodes").GetString();
        if (file.Geometry.Orientation.Code != codes) fault($"axis codes {file.Geometry.Orientation}, expected {codes}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())));
        if (hash != expected.GetProperty("data_sha256_f64le_Forder").GetString()) fault($"data differ, first {string.Join(" ", values.Take(5))}");
        var extensions = expected.GetProperty("extensions").EnumerateArray().Select(e => (e[0].GetInt32(), e[1].GetInt32())).ToList();
        if (!extensions.SequenceEqual(file.Header.Extensions.Select(e => (e.Code, e.Data.Length + 8)))
            && !extensions.SequenceEqual(file.Header.Extensions.Select(e => (e.Code, e.Data.Length))))
            fault(
                $"extensions {string.Join(" ", file.Header.Extensions.Select(e => (e.Code, e.Data.Length + 8)))}, "
                + $"expected {string.Join(" ", extensions)}");
        if (shape.Skip(3).All(n => n == 1)) CheckVolume(file, values, fault);
    }

    private static void CheckVolume(NiftiFile file, double[] values, Action<string> fault)
    {
        var volume = file.ReadVolume();
        var (extent, at) = (volume.Extent, 0);
        for (var d = 0; d < extent.D; d++)
            for (var w = 0; w < extent.W; w++)
                for (var h = 0; h < extent.H; h++)
                    if (!volume[h, w, d].Equals((float)values[at++]))
                    {
                        fault($"voxel ({h}, {w}, {d}) is {volume[h, w, d]}, not {values[at - 1]}");
                        return;
                    }
    }
}
