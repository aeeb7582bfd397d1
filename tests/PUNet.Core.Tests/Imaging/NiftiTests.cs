using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;

namespace PUNet.Core.Tests.Imaging;

public sealed class NiftiTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again_in_every_orientation_and_extent()
    {
        var cases = from orientation in Gen.Elements(Orientation.All.ToArray())
                    from type in Gen.Elements(NiftiType.Float32, NiftiType.Int16, NiftiType.UInt16)
                    from ending in Gen.Elements("x.nii", "x.nii.gz")
                    from h in Gen.Choose(1, 40)
                    from w in Gen.Choose(1, 7)
                    from d in Gen.Choose(1, 37)
                    from angle in Gen.Choose(-30, 30)
                    select (orientation, type, ending, extent: new Extent(h, w, d), angle: angle / 100.0);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var volume = Volumes.Counting(x.extent, Volumes.Oblique(x.orientation, new(0.7, 1.25, 3), x.angle));
            NiftiWriter.Write(_folder.File(x.ending), volume, x.type);
            var read = NiftiFile.ReadVolume(_folder.File(x.ending));
            return read.Extent == x.extent && read.Data.SequenceEqual(volume.Data) && read.Geometry.AgreesWith(volume.Geometry, x.extent, 1e-3);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_qform_alone_gives_the_same_grid_as_the_sform()
    {
        foreach (var orientation in Orientation.All)
        {
            var volume = Volumes.Counting(new(3, 4, 5), Volumes.Oblique(orientation, new(0.7, 1.25, 3), 0.25));
            var path = _folder.File("q.nii");
            NiftiWriter.Write(path, volume);
            var bytes = File.ReadAllBytes(path);
            Assert.Equal(1, bytes[252]);
            bytes[254] = 0; // no sform
            File.WriteAllBytes(path, bytes);
            Assert.True(NiftiFile.Open(path).Geometry.AgreesWith(volume.Geometry, volume.Extent, 1e-4), orientation.Code);
        }
    }

    [Fact]
    public void A_sheared_grid_gets_no_qform_since_a_qform_cannot_say_it()
    {
        var sheared = new Geometry([1, 0.3, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
        NiftiWriter.Write(_folder.File("s.nii"), Volumes.Counting(new(2, 2, 2), sheared));
        Assert.Equal(0, File.ReadAllBytes(_folder.File("s.nii"))[252]);
        Assert.True(NiftiFile.Open(_folder.File("s.nii")).Geometry.AgreesWith(sheared, new(2, 2, 2), 1e-6));
    }

    [Fact]
    public void The_same_volume_gives_the_same_bytes_and_an_axis_too_long_for_the_first_version_takes_the_second()
    {
        var volume = Volumes.Counting(new(40000, 1, 2));
        NiftiWriter.Write(_folder.File("a.nii.gz"), volume);
        NiftiWriter.Write(_folder.File("b.nii.gz"), volume);
        Assert.Equal(File.ReadAllBytes(_folder.File("a.nii.gz")), File.ReadAllBytes(_folder.File("b.nii.gz")));
        Assert.Equal(2, NiftiFile.Open(_folder.File("a.nii.gz")).Header.Version);
        Assert.Equal(volume.Data, NiftiFile.ReadVolume(_folder.File("a.nii.gz")).Data);
    }

    [Theory]
    [InlineData(255, NiftiType.UInt8)]
    [InlineData(256, NiftiType.UInt16)]
    public void Labels_are_written_as_small_as_they_fit(int largest, NiftiType expected)
    {
        var labels = Volumes.Labels(new(3, 3, 3), (h, w, d) => h == 1 ? largest : 0);
        NiftiWriter.Write(_folder.File("l.nii.gz"), labels);
        Assert.Equal(expected, NiftiFile.Open(_folder.File("l.nii.gz")).Header.Type);
        Assert.Equal(labels.Data, NiftiFile.ReadLabels(_folder.File("l.nii.gz")).Data);
    }

    [Theory]
    [InlineData(float.NaN, 0f)]
    [InlineData(0f, 7f)]
    [InlineData(0f, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void A_slope_that_is_zero_or_not_a_number_means_none(float slope, float intercept)
    {
        var path = Patched(112, BitConverter.GetBytes(slope), 116, BitConverter.GetBytes(intercept));
        Assert.Equal(Volumes.Counting(new(3, 4, 5)).Data, NiftiFile.ReadVolume(path).Data);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 0f)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(2f, float.NaN)]
    [InlineData(1f, float.NegativeInfinity)]
    public void A_scaling_that_is_not_finite_is_refused(float slope, float intercept)
    {
        var path = Patched(112, BitConverter.GetBytes(slope), 116, BitConverter.GetBytes(intercept));
        var refused = Assert.Throws<ImageFileException>(() => NiftiFile.Open(path));
        Assert.Contains(FormattableString.Invariant($"by slope {slope} and intercept {intercept}, not finite numbers"), refused.Message);
    }

    [Fact]
    public void Sform_and_qform_that_disagree_are_told_with_the_rule_that_the_sform_wins()
    {
        var volume = Volumes.Counting(new(3, 4, 5));
        NiftiWriter.Write(_folder.File("v.nii"), volume);
        Assert.Null(NiftiFile.Open(_folder.File("v.nii")).Disagreement);
        var sides = new[] { 1.316f, 1.316f, 10f }.SelectMany(BitConverter.GetBytes).ToArray();
        var file = NiftiFile.Open(Patched(80, sides));
        Assert.Equal(volume.Geometry.Spacing, file.Geometry.Spacing);
        const string grids = "RAS 1×1×1 mm from (0, 0, 0) against RAS 1.316×1.316×10 mm from (0, 0, 0)";
        Assert.Equal($"has an sform (code 1) and a qform (code 1) that disagree: {grids}, up to 36 mm apart", file.Disagreement);
        Assert.Contains("(code 1) and a voxel size that disagree", NiftiFile.Open(Patched(80, sides, 252, new byte[2])).Disagreement);
        Assert.Null(NiftiFile.Open(Patched(80, sides, 254, new byte[2])).Disagreement); // the qform alone
        Assert.Null(NiftiFile.Open(Patched(80, new byte[12], 252, new byte[2])).Disagreement); // no sides are given
    }

    [Theory]
    [InlineData("volume.nii")]
    [InlineData("volume.nii.gz")]
    public void A_truncated_file_is_refused_wherever_it_ends(string name)
    {
        NiftiWriter.Write(_folder.File(name), Volumes.Counting(new(9, 8, 7)), NiftiType.Int16);
        var whole = File.ReadAllBytes(_folder.File(name));
        for (var length = 0; length < whole.Length - 8; length += 7)
        {
            File.WriteAllBytes(_folder.File(name), whole[..length]);
            Assert.Contains(name, Assert.Throws<ImageFileException>(() => NiftiFile.ReadVolume(_folder.File(name))).Message);
        }
    }

    [Fact]
    public void A_byte_changed_in_the_compressed_data_is_noticed()
    {
        var path = _folder.File("c.nii.gz");
        NiftiWriter.Write(path, Volumes.Counting(new(9, 8, 7)), NiftiType.Int16);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("damaged", Assert.Throws<ImageFileException>(() => NiftiFile.ReadVolume(path)).Message);
    }

    [Theory]
    [InlineData(32, "complex numbers")]
    [InlineData(128, "colours")]
    [InlineData(1536, "128-bit")]
    [InlineData(77, "unknown data type (77)")]
    public void Data_that_are_not_real_numbers_are_refused_by_name(short type, string named) =>
        Assert.Contains(named, Assert.Throws<ImageFileException>(() => NiftiFile.Open(Patched(70, BitConverter.GetBytes(type)))).Message);

    [Fact]
    public void A_header_that_claims_more_than_the_file_can_hold_is_refused_before_memory_is_taken()
    {
        var claim = new byte[] { 3, 0, 0x10, 0x27, 0x10, 0x27, 0x02, 0x00 }; // 10000 × 10000 × 2
        var plain = Patched(40, claim);
        var zipped = _folder.File("zipped.nii.gz");
        using (var target = new GZipStream(File.Create(zipped), CompressionLevel.Fastest)) target.Write(File.ReadAllBytes(plain));
        foreach (var path in new[] { plain, zipped })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains("truncated", Assert.Throws<ImageFileException>(() => NiftiFile.ReadVolume(path)).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        }
    }

    [Fact]
    public void Several_volumes_in_one_file_are_refused_with_their_number()
    {
        var path = Patched(40, new byte[] { 4, 0, 3, 0, 4, 0, 1, 0, 5, 0 });
        Assert.Contains("holds 5 volumes (3×4×1×5)", Assert.Throws<ImageFileException>(() => NiftiFile.ReadVolume(path)).Message);
        Assert.Equal(60, NiftiFile.Open(path).ReadValues().Length);
    }

    [Fact]
    public void An_image_is_not_taken_for_a_label_map()
    {
        NiftiWriter.Write(_folder.File("i.nii.gz"), new Volume([0.5f, -3], new(2, 1, 1), Geometry.FromSpacing(new(1, 1, 1))));
        Assert.Contains("value 0.5", Assert.Throws<ImageFileException>(() => NiftiFile.ReadLabels(_folder.File("i.nii.gz"))).Message);
    }

    [Fact]
    public void Missing_files_other_names_and_half_pairs_are_told_apart()
    {
        Assert.Contains("does not exist", Assert.Throws<ImageFileException>(() => NiftiFile.Open(_folder.File("no.nii.gz"))).Message);
        Assert.Contains("not named like", Assert.Throws<ImageFileException>(() => NiftiFile.Open(_folder.File("no.mha"))).Message);
        File.WriteAllBytes(_folder.File("half.hdr"), new byte[348]);
        Assert.Contains("half.img", Assert.Throws<ImageFileException>(() => NiftiFile.Open(_folder.File("half.hdr"))).Message);
    }

    [Fact]
    public void A_value_that_does_not_fit_the_type_is_refused_and_no_file_is_left()
    {
        var volume = new Volume([1, 40000], new(2, 1, 1), Geometry.FromSpacing(new(1, 1, 1)));
        Assert.Contains(
            "40000", Assert.Throws<ArgumentException>(() => NiftiWriter.Write(_folder.File("o.nii.gz"), volume, NiftiType.Int16)).Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private string Patched(params object[] patches)
    {
        var path = _folder.File("patched.nii");
        NiftiWriter.Write(path, Volumes.Counting(new(3, 4, 5)));
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < patches.Length; i += 2) ((byte[])patches[i + 1]).CopyTo(bytes, (int)patches[i]);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
