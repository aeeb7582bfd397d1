using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Benchmarks;

/// <summary>Reading a CT of 512×512×300 voxels (16-bit, 157 MB) against inflating its file alone.</summary>
public class NiftiBenchmarks
{
    private static readonly Extent _extent = new(512, 512, 300);
    private readonly byte[] _buffer = new byte[1 << 20];
    private string _folder = "";

    private string Packed => Path.Combine(_folder, "ct.nii.gz");

    private string Plain => Path.Combine(_folder, "ct.nii");

    /// <summary>A body of 40 HU with noise of a few HU in air, which compresses about as CT does.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("punet-benchmark-").FullName;
        var random = new RandomStream(1, "benchmark");
        var data = new float[_extent.Count];
        for (var (h, at) = (0, 0); h < _extent.H; h++)
            for (var w = 0; w < _extent.W; w++)
            {
                var inside = (h - 256) * (h - 256) + (w - 256) * (w - 256) < 180 * 180;
                for (var d = 0; d < _extent.D; d++)
                    data[at++] = inside ? 40 + random.Integer(-24, 24) + random.Integer(-24, 24) : -1000 + random.Integer(0, 6);
            }
        var volume = new Volume(data, _extent, Geometry.FromSpacing(new(0.8, 0.8, 1.5)));
        NiftiWriter.Write(Plain, volume, NiftiType.Int16);
        using var packed = new GZipStream(File.Create(Packed), CompressionLevel.Optimal);
        packed.Write(File.ReadAllBytes(Plain));
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    [Benchmark(Baseline = true)]
    public long Inflate()
    {
        using var stream = new GZipStream(
            new FileStream(Packed, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16),
            CompressionMode.Decompress);
        var total = 0L;
        for (int read; (read = stream.Read(_buffer)) > 0;) total += read;
        return total;
    }

    [Benchmark]
    public float ReadPacked() => NiftiFile.ReadVolume(Packed).Data[^1];

    [Benchmark]
    public float ReadPlain() => NiftiFile.ReadVolume(Plain).Data[^1];
}
