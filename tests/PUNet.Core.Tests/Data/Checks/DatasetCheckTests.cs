using System.Text.RegularExpressions;
using PUNet.Core.Common;
using PUNet.Core.Data.Checks;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data.Checks;

public sealed class DatasetCheckTests : IDisposable
{
    private static readonly Extent _extent = new(6, 5, 4);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_dataset_has_no_finding_and_its_figures_are_those_of_its_files()
    {
        Subject("a", seed: 1);
        Subject("b", seed: 2, geometry: Geometry.FromSpacing(new(1, 1, 2)));
        var report = Check();
        Assert.Empty(report.Findings);
        Assert.True(report.IsSound);
        var summary = DatasetSummary.Of(report.Subjects, new Dictionary<int, string> { [1] = "one", [9] = "absent" });
        Assert.Equal(new Spread(1, 1.5, 2), summary.Spacing[2]);
        Assert.Equal(new Spread(6, 6, 6), summary.Extent[0]);
        Assert.Equal([("RAS", 2)], summary.Orientations);
        Assert.Equal((1, "one", 2), (summary.Labels[0].Label, summary.Labels[0].Name, summary.Labels[0].Subjects));
        Assert.Equal(0.06, summary.Labels[0].Millilitres.Smallest, 9); // half of 120 voxels of 1 mm³
        Assert.Equal(0.12, summary.Labels[0].Millilitres.Largest, 9);
        Assert.Equal((9, "absent", 0), (summary.Labels[1].Label, summary.Labels[1].Name, summary.Labels[1].Subjects));
        Assert.Equal(-1000, summary.Intensities[0].Values.Smallest);
    }

    [Fact]
    public void A_label_map_on_another_grid_is_an_error_of_shape_affine_or_orientation()
    {
        Subject("shape", 1);
        Labels("shape", Volumes.Labels(new(6, 5, 5), (_, _, _) => 1));
        Subject("affine", 2);
        Labels("affine", Volumes.Labels(_extent, (h, _, _) => h % 2, Geometry.FromSpacing(new(1, 1, 1.5))));
        Subject("turned", 3);
        Labels("turned", Volumes.Labels(_extent, (_, w, _) => w % 2, new Geometry([-1, 0, 0, 7, 0, 1, 0, 0, 0, 0, 1, 0])));
        var report = Check();
        Assert.Equal([("affine", "affine"), ("shape", "shape"), ("turned", "orientation")], Found(report, Severity.Error));
        Assert.All(report.Findings, finding => Assert.StartsWith("Both must lie on one grid: resample the label map", finding.Remedy));
    }

    [Fact]
    public void A_label_map_on_its_image_s_grid_with_other_axes_is_worth_a_note()
    {
        Subject("a", 1);
        Labels("a", Volumes.Labels(_extent, (_, w, _) => w % 2, new Geometry([-1, 0, 0, 5, 0, -1, 0, 4, 0, 0, 1, 0])));
        var finding = Assert.Single(Check().Findings);
        Assert.Equal((Severity.Note, "has the axes LPS where its image has RAS; both lie on one grid."), (finding.Severity, finding.Problem));
    }

    [Fact]
    public void Files_in_capitals_are_checked_like_others()
    {
        Subject("a", 1);
        foreach (var path in new[] { ImagePath("a"), LabelPath("a") }) File.Move(path, path.Replace(".nii.gz", ".NII.GZ"));
        var (name, layout) = Assert.Single(LayoutChoice.Guess(_folder.Path));
        var report = DatasetCheck.Run(_folder.Path, layout, new CheckOptions(), _ => { }, default);
        Assert.Equal(("pairs", 1, 0), (name, report.Subjects.Count, report.Findings.Count));
    }

    [Fact]
    public void Sform_and_qform_that_disagree_are_a_warning_of_image_and_label_map()
    {
        Subject("a", 1);
        foreach (var kind in new[] { "images", "labels" })
        {
            var geometry = Geometry.FromSpacing(new(1, 1, 1));
            File.Delete(_folder.File($"{kind}/a.nii.gz"));
            if (kind == "images") NiftiWriter.Write(_folder.File("images/a.nii"), new Volume(Image(1), _extent, geometry), NiftiType.Int16);
            else NiftiWriter.Write(_folder.File("labels/a.nii"), Half("a"));
            var bytes = File.ReadAllBytes(_folder.File($"{kind}/a.nii"));
            BitConverter.GetBytes(10f).CopyTo(bytes, 88); // thickness of a slice, which the qform takes
            File.WriteAllBytes(_folder.File($"{kind}/a.nii"), bytes);
        }
        var report = Check();
        Assert.Equal([("a", "affine"), ("a", "affine")], Found(report, Severity.Warning));
        Assert.All(report.Findings, finding => Assert.Contains("RAS 1×1×1 mm from (0, 0, 0) against RAS 1×1×10 mm", finding.Problem));
        Assert.All(report.Findings, finding => Assert.StartsWith("The sform is used.", finding.Remedy));
    }

    [Fact]
    public void Values_that_are_not_finite_are_counted_and_an_image_without_any_finite_one_is_an_error()
    {
        var data = Image(1);
        (data[3], data[4]) = (float.NaN, float.NegativeInfinity);
        Subject("some", data);
        Subject("all", Enumerable.Repeat(float.NaN, 120).ToArray());
        Subject("flat", Enumerable.Repeat(7f, 120).ToArray());
        var report = Check();
        Assert.Contains("2 voxels (1.667 %)", Assert.Single(report.Findings, f => f.Severity == Severity.Warning && f.Rule == "not finite").Problem);
        Assert.Equal([("all", "not finite"), ("flat", "intensity")], Found(report, Severity.Error));
    }

    [Fact]
    public void Labels_that_are_unknown_or_no_labels_are_errors_and_an_empty_mask_is_a_warning()
    {
        Subject("unknown", 1);
        Labels("unknown", Volumes.Labels(_extent, (h, _, _) => h == 0 ? 7 : 1));
        Subject("fraction", 2);
        NiftiWriter.Write(
            LabelPath("fraction"), new Volume([.. Enumerable.Range(0, 120).Select(i => i % 3 / 2f)], _extent, Geometry.FromSpacing(new(1, 1, 1))));
        Subject("empty", 3);
        Labels("empty", Volumes.Labels(_extent, (_, _, _) => 0));
        var report = Check(new CheckOptions { Labels = new Dictionary<int, string> { [1] = "one" } });
        Assert.Equal([("fraction", "labels"), ("unknown", "unknown label")], Found(report, Severity.Error));
        Assert.Contains("7 (20 voxels); known are 1", report.Findings.Single(f => f.Rule == "unknown label").Problem);
        Assert.Contains("40 voxels that are no label, the first of them 0.5", report.Findings.Single(f => f.Rule == "labels").Problem);
        Assert.Equal([("empty", "empty mask")], Found(report, Severity.Warning));
    }

    [Fact]
    public void A_copy_is_found_whatever_its_compression_and_so_are_label_maps_of_another_scan()
    {
        Subject("a", 1);
        Subject("b", 2);
        NiftiWriter.Write(_folder.File("images/copy.nii"), new Volume(Image(1), _extent, Geometry.FromSpacing(new(1, 1, 1))), NiftiType.Int16);
        Labels("copy", Volumes.Labels(_extent, (h, _, _) => h == 2 ? 1 : 0));
        Labels("b", Half("a"));
        var report = Check();
        Assert.Contains("same voxels as copy", Assert.Single(report.Findings, f => f.Severity == Severity.Error).Problem);
        Assert.Contains("voxel for voxel the label map of b", Assert.Single(report.Findings, f => f.Severity == Severity.Warning).Problem);
    }

    [Fact]
    public void A_patient_or_a_copy_on_both_sides_of_the_given_split_is_an_error()
    {
        (string, string, int)[] scans = [("train", "p1_first", 1), ("validation", "p2_first", 2), ("test", "p1_second", 3), ("test", "p3_copy", 2)];
        foreach (var (part, id, seed) in scans)
        {
            Directory.CreateDirectory(_folder.File(part));
            NiftiWriter.Write(
                _folder.File($"{part}/{id}_ct.nii.gz"), new Volume(Image(seed), _extent, Geometry.FromSpacing(new(1, 1, 1))), NiftiType.Int16);
            NiftiWriter.Write(
                _folder.File($"{part}/{id}_seg.nii.gz"), Volumes.Labels(_extent, (h, w, _) => (h * 5 + w + seed + id.Length) % 3 == 0 ? 1 : 0));
        }
        var report = DatasetCheck.Run(_folder.Path, new PartFolders(), new CheckOptions { Patient = new Regex("^[^_]+") }, _ => { }, default);
        Assert.Contains(
            "'p1', who lies in several parts: p1_first (train), p1_second (test)", Assert.Single(report.Findings, f => f.Rule == "patient").Problem);
        Assert.Contains(
            "same voxels as p3_copy, in the parts validation and test",
            Assert.Single(report.Findings, f => f.Rule == "duplicate" && f.Severity == Severity.Error).Problem);
        Assert.DoesNotContain(
            DatasetCheck.Run(_folder.Path, new PartFolders(), new CheckOptions(), _ => { }, default).Findings, f => f.Rule == "patient");
    }

    [Fact]
    public void Files_without_their_counterpart_and_damaged_files_are_told_and_the_rest_is_still_checked()
    {
        Subject("whole", 1);
        Subject("damaged", 2);
        File.WriteAllBytes(ImagePath("damaged"), File.ReadAllBytes(ImagePath("damaged"))[..60]);
        Subject("image", 3);
        File.Delete(LabelPath("image"));
        Subject("label", 4);
        File.Delete(ImagePath("label"));
        var report = Check();
        Assert.Equal([("damaged", "file"), ("image", "no labels")], Found(report, Severity.Error));
        Assert.Equal([("label", "no image")], Found(report, Severity.Warning));
        Assert.Equal(["whole"], report.Subjects.Select(subject => subject.Files.Id));
    }

    [Theory]
    [InlineData(1000, 1, "has no air")]
    [InlineData(255, 0.05, "it was windowed or scaled")]
    [InlineData(-1000, 8, "0.5 % of its voxels above")]
    public void Intensities_that_cannot_be_hu_are_told(float shift, float factor, string expected)
    {
        Subject("good", 1);
        Subject("odd", Array.ConvertAll(Image(2), x => x * factor + shift));
        var finding = Assert.Single(
            Check(new CheckOptions { HounsfieldUnits = true }).Findings, f => f is { Rule: "HU", Severity: Severity.Warning });
        Assert.Contains(expected, finding.Problem);
        Assert.EndsWith("odd.nii.gz", finding.File);
        Assert.DoesNotContain(Check(new CheckOptions { HounsfieldUnits = false }).Findings, f => f.Rule == "HU");
    }

    [Fact]
    public void Odd_geometry_is_told()
    {
        Subject("metres", 1, Geometry.FromSpacing(new(0.001, 0.001, 0.003)));
        Subject("sheared", 2, new Geometry([1, 0, 0.3, 0, 0, 1, 0, 0, 0, 0, 1, 0]));
        foreach (var (id, seed) in new[] { ("x", 3), ("y", 4), ("z", 5) }) Subject(id, seed);
        Subject("left", 6, new Geometry([-1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0]));
        var report = Check();
        Assert.Equal([("metres", "spacing"), ("sheared", "affine")], Found(report, Severity.Warning));
        Assert.Contains("its axes 3 and 1 meet at 73.3°", report.Findings.Single(f => f.Rule == "affine").Problem);
        Assert.Equal([("left", "orientation"), ("metres", "spacing")], Found(report, Severity.Note));
    }

    [Fact]
    public void A_file_without_orientation_is_told()
    {
        Subject("a", 1);
        var path = _folder.File("images/a.nii");
        NiftiWriter.Write(path, new Volume(Image(1), _extent, Geometry.FromSpacing(new(1, 1, 1))), NiftiType.Int16);
        File.Delete(ImagePath("a"));
        var bytes = File.ReadAllBytes(path);
        (bytes[252], bytes[254]) = (0, 0);
        File.WriteAllBytes(path, bytes);
        Assert.Contains(
            "neither sform nor qform", Assert.Single(Check().Findings, f => f is { Rule: "orientation", Severity: Severity.Warning }).Problem);
    }

    [Fact]
    public void The_number_of_workers_changes_nothing_and_a_cancelled_check_stops()
    {
        for (var i = 0; i < 6; i++) Subject($"s{i}", i % 4);
        Assert.Equal(Check(new CheckOptions { Workers = 1 }).Findings, Check(new CheckOptions { Workers = 4 }).Findings);
        using var cancelled = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => DatasetCheck.Run(_folder.Path, new PairedFolders(), new CheckOptions { Workers = 1 }, _ => cancelled.Cancel(), cancelled.Token));
    }

    [Fact]
    public void A_prepared_folder_is_checked_with_its_own_classes_and_parts()
    {
        Subject("a", 1);
        Subject("b", 2);
        var options = new PreparationOptions { Classes = new Dictionary<int, string> { [1] = "one" } };
        var use = new DatasetUse(Normalisation.Paper, _ => new DatasetSplit(["a"], [], ["b"]));
        var dataset = Preparation.Run(new PairedFolders().List(_folder.Path), options, use, _folder.File("prepared"), _ => { }, default);
        var (name, layout) = Assert.Single(LayoutChoice.Guess(dataset.Folder));
        Assert.Equal("prepared", name);
        Assert.Equal(["one"], layout.KnownLabels(dataset.Folder)!.Values);
        var report = DatasetCheck.Run(dataset.Folder, layout, new CheckOptions { Labels = layout.KnownLabels(dataset.Folder) }, _ => { }, default);
        Assert.Empty(report.Findings);
        Assert.Equal([Part.Train, Part.Test], report.Subjects.Select(subject => subject.Files.Part!.Value));
    }

    [Fact]
    public void Of_tcia_and_btcv_a_turned_label_map_is_no_fault_and_an_image_without_its_box_is_one()
    {
        foreach (var folder in new[] { "image_tcia_multiorgan", "label_tcia_multiorgan", "image_btcv_multiorgan", "label_btcv_multiorgan" })
            Directory.CreateDirectory(_folder.File(folder));
        var turned = new Geometry([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 3]);
        foreach (var (image, labels, geometry, seed) in new[]
        {
            ("tcia_multiorgan/PANCREAS_0001.nii", "tcia_multiorgan/label0001", turned, 1),
            ("btcv_multiorgan/img0001.nii.gz", "btcv_multiorgan/label0001", null, 2),
            ("btcv_multiorgan/img0002.nii.gz", "btcv_multiorgan/label0002", null, 3),
        })
        {
            NiftiWriter.Write(_folder.File("image_" + image), new Volume(Image(seed), _extent, Geometry.FromSpacing(new(1, 1, 1))));
            NiftiWriter.Write(_folder.File($"label_{labels}.nii.gz"), Half(labels, geometry));
        }
        File.WriteAllText(
            _folder.File("cropping.csv"),
            "publisher,original_id,extent_left,extent_right,extent_ant,extent_post,extent_inf,extent_sup\n"
            + "Synapse,0001,1,4,1,3,0,3\nTCIA,0001,1,4,1,3,0,3\n");
        var (name, layout) = Assert.Single(LayoutChoice.Guess(_folder.Path));
        Assert.Equal("btcv", name);
        var report = DatasetCheck.Run(
            _folder.Path, layout,
            new CheckOptions { Labels = layout.KnownLabels(_folder.Path), HounsfieldUnits = layout.InHounsfieldUnits(_folder.Path) }, _ => { },
            default);
        Assert.Equal(["btcv-0001", "tcia-0001"], report.Subjects.Select(subject => subject.Files.Id));
        Assert.Contains("has no row for SYNAPSE 0002", Assert.Single(report.Findings).Problem);
    }

    [Theory]
    [InlineData("ct-org", "OrganSegmentations/volume-1.nii.gz")]
    [InlineData("ct-org", "volume-1.nii.gz")]
    [InlineData("nnunet", "imagesTr/a.nii.gz", "labelsTr/a.nii.gz")]
    [InlineData("parts", "train/a_ct.nii.gz", "train/a_seg.nii.gz")]
    [InlineData("csv", "subjects.csv")]
    [InlineData("pairs", "images/a.nii.gz", "labels/a.nii.gz")]
    [InlineData("pairs", "a_ct.nii.gz", "a_seg.nii.gz")]
    [InlineData("prepared", "subjects.json", "dataset.json", "train/0001-a/image.nii.gz")]
    public void The_layout_is_seen_from_the_files(string expected, params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllBytes(_folder.File(file), []);
        }
        var (name, layout) = Assert.Single(LayoutChoice.Guess(_folder.Path));
        Assert.Equal(expected, name);
        Assert.IsType(LayoutChoice.Named(name)!.GetType(), layout);
    }

    private DatasetReport Check(CheckOptions? options = null) =>
        DatasetCheck.Run(_folder.Path, new PairedFolders(), options ?? new CheckOptions(), _ => { }, default);

    private static (string, string)[] Found(DatasetReport report, Severity severity) =>
        [.. report.Findings.Where(f => f.Severity == severity).Select(f => (Path.GetFileName(f.File).Split('.')[0], f.Rule)).Order()];

    private void Subject(string id, int seed, Geometry? geometry = null) => Subject(id, Image(seed), geometry);

    private void Subject(string id, float[] image, Geometry? geometry = null)
    {
        geometry ??= Geometry.FromSpacing(new(1, 1, 1));
        Directory.CreateDirectory(_folder.File("images"));
        NiftiWriter.Write(ImagePath(id), new Volume(image, _extent, geometry));
        Labels(id, Half(id, geometry));
    }

    /// <summary>Half of the voxels, others for every id.</summary>
    private static LabelMap Half(string id, Geometry? geometry = null)
    {
        var order = new RandomStream(1, id).Permutation((int)_extent.Count);
        return Volumes.Labels(_extent, (h, w, d) => order[(h * _extent.W + w) * _extent.D + d] < order.Length / 2 ? 1 : 0, geometry);
    }

    private void Labels(string id, LabelMap labels)
    {
        Directory.CreateDirectory(_folder.File("labels"));
        NiftiWriter.Write(LabelPath(id), labels);
    }

    private string ImagePath(string id) => _folder.File($"images/{id}.nii.gz");

    private string LabelPath(string id) => _folder.File($"labels/{id}.nii.gz");

    /// <summary>From air to bone, another for every seed.</summary>
    private static float[] Image(int seed) => [.. Enumerable.Range(0, 120).Select(i => i == 0 ? -1000f : (i * 37 + seed * 101) % 1500 - 300f)];
}
