using System.IO.Compression;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Tests.Imaging;

/// <summary>Every way to store an image that NIfTI knows, on files written byte by byte.</summary>
public sealed class NiftiVariantTests : IDisposable
{
    private static readonly (int Code, byte[] Bytes)[] _extensions = [(6, "a comment "u8[..8].ToArray()), (4, new byte[24])];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_in_both_byte_orders_both_versions_and_one_or_two_files_gives_the_same_volume()
    {
        foreach (var type in Enum.GetValues<NiftiType>())
            foreach (var version in new[] { 1, 2 })
                foreach (var big in new[] { false, true })
                    foreach (var pair in new[] { false, true })
                        foreach (var packed in new[] { false, true })
                        {
                            var path = Write(
                                new NiftiBytes(version, big, pair).Make(type, 0, 0, 1, 1, singletonAxis: packed, _extensions), pair, packed);
                            var name = $"{type}, version {version}, {(big ? "big" : "little")}-endian, {(pair ? "pair" : "single")}, "
                                + $"{(packed ? "gzip" : "plain")}";
                            var file = NiftiFile.Open(path);
                            Assert.True((file.Header.Version, file.Header.Type, file.Header.IsPair) == (version, type, pair), name);
                            MustCount(file.ReadVolume(), x => x, name);
                            Assert.True(file.ReadLabels().Data.SequenceEqual(file.ReadVolume().Data.Select(x => (ushort)x)), name);
                            Assert.True(file.ReadValues().SequenceEqual(Enumerable.Range(1, 24).Select(i => (double)i)), name);
                            Assert.Equal(_extensions.Select(e => e.Code), file.Header.Extensions.Select(e => e.Code));
                            Assert.Equal(_extensions[0].Bytes, file.Header.Extensions[0].Data);
                        }
    }

    [Fact]
    public void Slope_and_intercept_hold_for_every_type()
    {
        foreach (var type in Enum.GetValues<NiftiType>())
        {
            var path = Write(new NiftiBytes(1, false, false).Make(type, 0.5, -3, 1, 1, false, []), false, false);
            MustCount(NiftiFile.ReadVolume(path), x => 0.5 * x - 3, $"{type}");
        }
    }

    [Theory]
    [InlineData(1, 2, "0 5 0 1 6 0 0 2 0 0 7 3", true)] // both: the sform
    [InlineData(2, 0, "2 0 0 10 0 3 0 20 0 0 -4 30", true)] // the qform alone, left-handed
    [InlineData(0, 1, "0 5 0 1 6 0 0 2 0 0 7 3", true)]
    [InlineData(0, 0, "-2 0 0 2 0 3 0 -1.5 0 0 4 -6", false)] // neither: spacing, centred
    public void The_sform_goes_before_the_qform_and_both_before_the_spacing(short quaternion, short rows, string expected, bool oriented)
    {
        foreach (var version in new[] { 1, 2 })
        {
            var header = NiftiFile.Open(
                Write(new NiftiBytes(version, false, false).Make(NiftiType.Int16, 1, 0, quaternion, rows, false, []), false, false)).Header;
            Assert.Equal(expected, string.Join(" ", header.Affine.Select(x => x == 0 ? "0" : FormattableString.Invariant($"{x}"))));
            Assert.Equal(oriented, header.HasOrientation);
        }
    }

    [Fact]
    public void Volumes_larger_than_a_block_and_no_multiple_of_a_tile_keep_every_voxel_in_its_place()
    {
        foreach (var extent in new Extent[] { new(33, 5, 70), new(64, 3, 33), new(31, 2, 65), new(1, 1, 40), new(7, 9, 1), new(34, 1, 32) })
            foreach (var type in new[] { NiftiType.Int16, NiftiType.Float32, NiftiType.UInt16 })
            {
                var volume = Volumes.Counting(extent);
                NiftiWriter.Write(_folder.File("v.nii.gz"), volume, type);
                Assert.True(NiftiFile.ReadVolume(_folder.File("v.nii.gz")).Data.SequenceEqual(volume.Data), $"{extent} {type}");
                Assert.True(
                    NiftiFile.ReadLabels(_folder.File("v.nii.gz")).Data.SequenceEqual(volume.Data.Select(x => (ushort)x)), $"{extent} {type}");
            }
    }

    private static void MustCount(Volume volume, Func<double, double> expected, string name)
    {
        Assert.True(volume.Extent == new Extent(3, 2, 4), name);
        for (var (d, i) = (0, 1); d < 4; d++)
            for (var w = 0; w < 2; w++)
                for (var h = 0; h < 3; h++, i++)
                    Assert.True(volume[h, w, d] == expected(i), $"{name}: ({h}, {w}, {d}) is {volume[h, w, d]}");
    }

    private string Write((byte[] Header, byte[] Data) file, bool pair, bool packed)
    {
        var end = packed ? ".gz" : "";
        Put("v." + (pair ? "hdr" : "nii") + end, file.Header);
        if (pair) Put("v.img" + end, file.Data);
        return _folder.File("v." + (pair ? "img" : "nii") + end);

        void Put(string name, byte[] bytes)
        {
            using Stream target = packed
                ? new GZipStream(File.Create(_folder.File(name)), CompressionLevel.Fastest)
                : File.Create(_folder.File(name));
            target.Write(bytes);
        }
    }
}
