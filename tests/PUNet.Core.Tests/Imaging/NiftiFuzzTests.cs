using PUNet.Core.Common;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Tests.Imaging;

public sealed class NiftiFuzzTests
{
    private const int Inputs = 10_000;
    private const long MostMemory = 16_000_000; // what 400 bytes can inflate to, as doubles and as floats, and the blocks between

    [Fact]
    public void Flipped_bytes_are_read_or_refused_but_never_crash_hang_or_take_more_memory_than_the_file_can_fill()
    {
        using var folder = new TemporaryFolder();
        var originals = new[] { ("plain.nii", NiftiType.Int16), ("packed.nii.gz", NiftiType.Float32) }.Select(original =>
        {
            var path = folder.File(original.Item1);
            NiftiWriter.Write(path, Volumes.Counting(new(5, 4, 3)), original.Item2);
            return (Path: path, Bytes: File.ReadAllBytes(path));
        }).ToList();
        var random = new RandomStream(1, "fuzz");
        var (read, refused) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var (path, original) = originals[i % originals.Count];
            var bytes = (byte[])original.Clone();
            for (var flips = random.Integer(1, 8); flips > 0; flips--)
                bytes[random.Chance(0.5) ? random.Integer(0, Math.Min(128, bytes.Length)) : random.Integer(0, bytes.Length)] =
                    (byte)random.Integer(0, 256);
            if (random.Chance(0.1)) bytes = bytes[..random.Integer(0, bytes.Length)];
            File.WriteAllBytes(path, bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                NiftiFile.Open(path).ReadValues();
                NiftiFile.ReadVolume(path);
                read++;
            }
            catch (ImageFileException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        }
        Assert.True(read > Inputs / 20 && refused > Inputs / 20, $"{read} read, {refused} refused");
    }
}
