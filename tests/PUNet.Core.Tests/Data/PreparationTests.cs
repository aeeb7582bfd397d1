using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Phantoms;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data;

public sealed class PreparationTests : IDisposable
{
    private static readonly PreparationOptions _keepAll =
        new() { Classes = new Dictionary<int, string> { [1] = "one", [2] = "two" }, Orientation = null };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_change_asked_for_voxels_and_place_stay_as_they_are()
    {
        var geometry = Volumes.Oblique(Orientation.Parse("PIR"), new(1, 1.5, 3), 0.2);
        var image = Volumes.Counting(new(5, 6, 7), geometry);
        var labels = Volumes.Labels(image.Extent, (h, w, d) => (h + w + d) % 3, geometry);
        var dataset = Prepare(_keepAll, ("a", image, labels));
        var subject = Assert.Single(dataset.Subjects);
        Assert.Equal(image.Data, dataset.LoadImage("a").Data);
        Assert.True(dataset.LoadImage("a").Geometry.AgreesWith(geometry, image.Extent, 1e-4));
        var loaded = dataset.Load("a", new Normalisation.Window(0, 209));
        Assert.Equal(labels.Data.Select(label => (byte)label), loaded.Labels);
        Assert.Equal((-1f, 1f), (loaded.Image.Min(), loaded.Image.Max()));
        Assert.Equal([70, 70, 70], subject.ClassVoxels);
        Assert.Equal(["one", "two"], dataset.Classes);
        Assert.Equal((0.0, 209.0), (subject.Intensities.Minimum, subject.Intensities.Maximum));
    }

    [Fact]
    public void Labels_restored_to_the_source_grid_are_the_source_s_own_whatever_the_orientation_and_the_window()
    {
        var cases = from code in Gen.Elements(Orientation.All.ToArray())
                    from target in Gen.Elements(Orientation.All.ToArray())
                    from h in Gen.Choose(2, 9)
                    from w in Gen.Choose(2, 9)
                    from d in Gen.Choose(2, 9)
                    from pad in Gen.Choose(0, 5)
                    select (code, target, extent: new Extent(h, w, d), pad);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var geometry = Volumes.Oblique(x.code, new(1, 2, 3), 0.2);
            var labels = Volumes.Labels(x.extent, (h, w, d) => (h + 2 * w + 3 * d) % 3, geometry);
            var oriented = Reorientation.Between(geometry.Orientation, x.target).Apply(x.extent);
            var options = _keepAll with { Orientation = x.target, InPlaneExtent = (oriented.H + x.pad, oriented.W + x.pad), KeepEmpty = true };
            var dataset = Prepare(options, ("a", Volumes.Counting(x.extent, geometry), labels));
            var restored = dataset.Restore("a", dataset.Load("a", Normalisation.Paper).Labels);
            return restored.Data.SequenceEqual(labels.Data) && restored.Extent == x.extent && restored.Geometry.AgreesWith(geometry, x.extent, 1e-4)
                && dataset.LoadImage("a").Geometry.Orientation == x.target;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_box_in_the_patient_keeps_its_place_through_resampling_and_back()
    {
        var geometry = Volumes.Oblique(Orientation.Ras, new(0.8, 0.9, 4), 0.1);
        var labels = Volumes.Labels(new(40, 44, 12), (h, w, d) => h is >= 8 and < 28 && w is >= 12 and < 32 && d is >= 3 and < 9 ? 1 : 0, geometry);
        var image = new Volume(Array.ConvertAll(labels.Data, label => label * 100f), labels.Extent, geometry);
        var dataset = Prepare(
            _keepAll with { Orientation = Orientation.Lps, Spacing = new Spacing(1.25, 1.25, 2.5), InPlaneExtent = (30, 30) }, ("a", image, labels));
        var subject = dataset.Subject("a");
        Assert.Equal(new Extent(30, 30, 19), subject.Extent);
        Assert.Equal(1.25, subject.Spacing.H, 1e-9);
        Assert.Equal(2.5, subject.Spacing.D, 1e-9);
        var restored = dataset.Restore("a", dataset.Load("a", Normalisation.Paper).Labels);
        var common = restored.Data.Zip(labels.Data).Count(pair => pair.First == 1 && pair.Second == 1);
        Assert.True(2.0 * common / (restored.Data.Count(x => x == 1) + labels.Data.Count(x => x == 1)) > 0.9);
        var (before, after) = (Centre(labels), Centre(NiftiFile.ReadLabels(dataset.LabelPath("a"))));
        Assert.Equal(before.X, after.X, 0.5);
        Assert.Equal(before.Y, after.Y, 0.5);
        Assert.Equal(before.Z, after.Z, 0.8);
    }

    [Fact]
    public void The_body_crop_keeps_the_body_and_its_margin()
    {
        var labels = Volumes.Labels(new(30, 30, 6), (h, w, d) => h == 15 && w == 15 ? 1 : 0);
        var data = Volumes.Labels(labels.Extent, (h, w, d) => h is >= 10 and < 20 && w is >= 12 and < 22 ? 1 : (h == 29 ? 1 : 0)).Data;
        var image = new Volume(Array.ConvertAll(data, inside => inside == 1 ? 40f : -1000f), labels.Extent, labels.Geometry);
        var dataset = Prepare(_keepAll with { BodyCrop = new BodyCrop(-300, 2) }, ("a", image, labels));
        Assert.Equal(new Extent(14, 14, 6), dataset.Subject("a").Extent);
        Assert.Equal(new Extent(8, 10, 0), dataset.Subject("a").Grid.CropStart);
        Assert.Equal(labels.Data, dataset.Restore("a", dataset.Load("a", Normalisation.Paper).Labels).Data);
    }

    [Fact]
    public void Labels_are_renumbered_merged_by_name_and_dropped_where_not_listed()
    {
        var labels = Volumes.Labels(new(6, 1, 1), (h, _, _) => new[] { 0, 3, 5, 9, 300, 4 }[h]);
        var classes = new Dictionary<int, string> { [300] = "brain", [9] = "kidneys", [3] = "liver", [5] = "kidneys" };
        var dataset = Prepare(_keepAll with { Classes = classes }, ("a", Volumes.Counting(labels.Extent), labels));
        Assert.Equal(["liver", "kidneys", "brain"], dataset.Classes);
        Assert.Equal(new byte[] { 0, 1, 2, 2, 3, 0 }, dataset.Load("a", Normalisation.Paper).Labels);
    }

    [Fact]
    public void Voxels_that_nobody_annotated_keep_a_label_of_their_own_and_count_for_no_class()
    {
        var labels = Volumes.Labels(new(4, 1, 1), (h, _, _) => new[] { 0, 1, 9, 2 }[h]);
        var dataset = Prepare(_keepAll with { IgnoredSourceLabel = 9 }, ("a", Volumes.Counting(labels.Extent), labels));
        Assert.Equal(new byte[] { 0, 1, IgnoredLabel.Value, 2 }, dataset.Load("a", Normalisation.Paper).Labels);
        Assert.Equal([1, 1, 1], dataset.Subject("a").ClassVoxels);
        Assert.Contains(
            "the ignored label is 2; it is from 1 to 65535 and no class",
            Assert.Throws<ConfigurationException>(() => Prepare(_keepAll with { IgnoredSourceLabel = 2 })).Message);
    }

    [Fact]
    public void Subjects_without_what_is_required_are_left_out_with_the_reason()
    {
        var extent = new Extent(4, 4, 4);
        var image = Volumes.Counting(extent);
        var messages = new List<string>();
        var dataset = Prepare(
            _keepAll with { RequiredClasses = ["two"] },
            messages,
            ("full", image, Volumes.Labels(extent, (h, _, _) => h % 3)),
            ("half", image, Volumes.Labels(extent, (h, _, _) => h % 2)),
            ("empty", image, Volumes.Labels(extent, (_, _, _) => 0)));
        Assert.Equal(["full"], dataset.Subjects.Select(subject => subject.Id));
        Assert.Equal(
            [("half", "it has no voxel of two."), ("empty", "it has no voxel of any class.")],
            SubjectsFile.Read(dataset.Folder).LeftOut.Select(s => (s.Id, s.Reason)));
        Assert.Contains("2 of 3 subjects are left out: half: it has no voxel of two. empty: it has no voxel of any class.", messages);
    }

    [Fact]
    public void A_label_map_of_another_shape_is_refused_with_both_extents()
    {
        var refused = Assert.Throws<ImageFileException>(
            () => Prepare(_keepAll, ("a", Volumes.Counting(new(4, 4, 4)), Volumes.Labels(new(4, 4, 5), (_, _, _) => 1))));
        Assert.Contains("the label map has 4×4×5 voxels, the image 4×4×4", refused.Message);
    }

    [Fact]
    public void A_label_map_of_another_affine_is_refused_with_both_geometries()
    {
        var moved = Geometry.FromSpacing(new(1, 1, 1)).Along(axis => (1, axis == 2 ? 3 : 0));
        var refused = Assert.Throws<ImageFileException>(
            () => Prepare(_keepAll, ("a", Volumes.Counting(new(4, 4, 4)), Volumes.Labels(new(4, 4, 4), (_, _, _) => 1, moved))));
        Assert.Contains("the label map lies at RAS 1×1×1 mm from (0, 0, 3), the image at RAS 1×1×1 mm from (0, 0, 0)", refused.Message);
    }

    [Fact]
    public void Faults_of_the_options_are_told_together()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Preparation.Run(
            [], _keepAll with { Spacing = new Spacing(0, 1, 1), InPlaneExtent = (0, 5), BodyCrop = new BodyCrop(MarginMm: -1) },
            DatasetUse.AllForTraining, _folder.Path, _ => { }, default));
        Assert.Equal(3, refused.Faults.Count);
        Assert.Contains("body_crop is -1; it must not be negative.", refused.Faults);
        var unknown = Assert.Single(_keepAll with { RequiredClasses = ["too"] } is var options ? options.Faults() : []);
        Assert.Equal("unknown class \"too\"; a class must be one of the dataset's; given: too; did you mean \"two\"?.", unknown.ToString());
    }

    [Fact]
    public void A_folder_that_was_not_prepared_and_a_damaged_description_are_refused()
    {
        Assert.Contains("is no prepared dataset", Assert.Throws<DatasetException>(() => PreparedDataset.Open(_folder.Path)).Message);
        File.WriteAllText(_folder.File("dataset.json"), "{ \"classes\": [");
        Assert.Contains("Prepare the dataset again", Assert.Throws<DatasetException>(() => PreparedDataset.Open(_folder.Path)).Message);
    }

    [Fact]
    public void Values_that_are_not_finite_take_the_minimum_and_are_counted()
    {
        var image = new Volume([float.NaN, 3, float.PositiveInfinity, 7], new(4, 1, 1), Geometry.FromSpacing(new(1, 1, 1)));
        var dataset = Prepare(_keepAll, ("a", image, Volumes.Labels(image.Extent, (_, _, _) => 1)));
        Assert.Equal([3f, 3f, 3f, 7f], dataset.LoadImage("a").Data);
        Assert.Equal(2, dataset.Subject("a").Intensities.NotFinite);
    }

    [Fact]
    public void Preparing_twice_gives_the_same_bytes()
    {
        PhantomGenerator.Write(
            new PhantomOptions { Subjects = 4, InPlane = 32, InPlaneSpacing = (11, 12), Slices = (6, 8), SliceSpacing = (24, 26) },
            _folder.File("phantoms"), _ => { }, default);
        var subjects = new PairedFolders().List(_folder.File("phantoms"));
        var options = new PreparationOptions
        {
            Classes = PhantomGenerator.Classes.Select((name, i) => (name, i)).ToDictionary(x => x.i + 1, x => x.name),
            BodyCrop = new BodyCrop(),
        };
        foreach (var run in new[] { "first", "second" })
            Preparation.Run(subjects, options, DatasetUse.AllForTraining, _folder.File(run), _ => { }, default);
        foreach (var file in Directory.GetFiles(_folder.File("first"), "*", SearchOption.AllDirectories))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace("first", "second")));
    }

    private PreparedDataset Prepare(PreparationOptions options, params (string Id, Volume Image, LabelMap Labels)[] subjects) =>
        Prepare(options, [], subjects);

    private PreparedDataset Prepare(PreparationOptions options, List<string> messages, params (string Id, Volume Image, LabelMap Labels)[] subjects)
    {
        var files = new List<SubjectFiles>();
        foreach (var (id, image, labels) in subjects)
        {
            files.Add(new SubjectFiles(id, _folder.File($"{id}_image.nii.gz"), _folder.File($"{id}_label.nii.gz")));
            NiftiWriter.Write(files[^1].ImagePath, image);
            NiftiWriter.Write(files[^1].LabelPath, labels);
        }
        return Preparation.Run(files, options, DatasetUse.AllForTraining, _folder.File("prepared"), Note, default);

        void Note(StageEvent told)
        {
            if (told is StageEvent.Message message) messages.Add(message.Text);
        }
    }

    private static (double X, double Y, double Z) Centre(LabelMap labels)
    {
        var points = new List<(double X, double Y, double Z)>();
        for (var h = 0; h < labels.Extent.H; h++)
            for (var w = 0; w < labels.Extent.W; w++)
                for (var d = 0; d < labels.Extent.D; d++)
                    if (labels[h, w, d] == 1) points.Add(labels.Geometry.ToMm(h, w, d));
        return (points.Average(p => p.X), points.Average(p => p.Y), points.Average(p => p.Z));
    }
}
