using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Tests.Data;

public sealed class LayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_labels_of_one_name_are_a_subject_in_natural_order()
    {
        Touch("images/a10.nii.gz", "images/a2.nii", "labels/a10.nii.gz", "labels/a2.nii.gz", "images/.hidden.nii.gz", "images/notes.txt");
        var subjects = new PairedFolders().List(_folder.Path);
        Assert.Equal(["a2", "a10"], subjects.Select(subject => subject.Id));
        Assert.EndsWith("images/a2.nii", subjects[0].ImagePath);
        Assert.EndsWith("labels/a2.nii.gz", subjects[0].LabelPath);
        Assert.Null(subjects[0].Part);
    }

    [Fact]
    public void Patterns_find_image_and_label_in_one_folder()
    {
        Touch("scan_7_ct.nii.gz", "scan_7_ct_label.nii.gz", "scan_8_ct.nii.gz", "scan_8_ct_label.nii.gz");
        var layout = new PairedFolders { Image = "scan_{id}", Label = "scan_{id}_label" };
        Assert.Equal(["7_ct", "8_ct"], layout.List(_folder.Path).Select(subject => subject.Id));
    }

    [Fact]
    public void Part_folders_give_the_dataset_s_own_split()
    {
        Touch(
            "train/pt_2_ct.nii.gz", "train/pt_2_seg.nii.gz", "validation/pt_1_ct.nii.gz", "validation/pt_1_seg.nii.gz", "test/pt_3_ct.nii.gz",
            "test/pt_3_seg.nii.gz");
        var subjects = new PartFolders().List(_folder.Path);
        Assert.Equal(
            [("pt_1", Part.Validation), ("pt_2", Part.Train), ("pt_3", Part.Test)], subjects.Select(subject => (subject.Id, subject.Part!.Value)));
    }

    [Fact]
    public void A_missing_folder_names_the_path_the_rule_and_the_remedy()
    {
        var missing = _folder.File("nothing");
        var refused = Assert.Throws<DatasetException>(() => new PairedFolders().List(missing));
        Assert.Equal(
            $"{missing}: There is no such folder. Images are expected as images/{{id}}.nii.gz and label maps as labels/{{id}}.nii.gz. "
            + "Check the path, or --data and PUNET_DATA.",
            refused.Message);
    }

    [Fact]
    public void Images_without_label_maps_are_counted_and_named()
    {
        Touch("images/a.nii.gz", "images/b.nii.gz", "images/c.nii.gz", "labels/b.nii.gz");
        var refused = Assert.Throws<DatasetException>(() => new PairedFolders().List(_folder.Path));
        Assert.Contains("2 of 3 images have no label map", refused.Message);
        Assert.Contains("a.nii.gz, c.nii.gz", refused.Message);
    }

    [Fact]
    public void A_folder_without_subjects_is_refused_with_what_was_expected()
    {
        Touch("images/readme.txt", "labels/readme.txt");
        Assert.Contains(
            "No subject was found. Images are expected as", Assert.Throws<DatasetException>(() => new PairedFolders().List(_folder.Path)).Message);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_refused()
    {
        Touch(
            "train/x_ct.nii.gz", "train/x_seg.nii.gz", "validation/y_ct.nii.gz", "validation/y_seg.nii.gz", "test/x_ct.nii.gz", "test/x_seg.nii.gz");
        Assert.Contains("'x' occurs 2 times", Assert.Throws<DatasetException>(() => new PartFolders().List(_folder.Path)).Message);
    }

    [Fact]
    public void Endings_are_accepted_in_any_case_for_images_and_label_maps()
    {
        Touch("images/a.NII.GZ", "labels/a.Nii", "images/b.nii.GZ", "labels/b.nii.gz");
        Assert.Equal(["a.Nii", "b.nii.gz"], new PairedFolders().List(_folder.Path).Select(subject => Path.GetFileName(subject.LabelPath)));
        Assert.Empty(new PairedFolders().Survey(_folder.Path).LabelsAlone);
    }

    [Fact]
    public void Patterns_may_lead_through_folders_below_parts_and_beside_the_dataset()
    {
        foreach (var part in new[] { "train", "validation", "test" }) Touch($"d/{part}/ct/{part}1.nii.gz", $"d/{part}/seg/{part}1.nii.gz");
        Assert.Equal(3, new PartFolders { Image = "ct/{id}.nii.gz", Label = "seg/{id}.nii.gz" }.List(_folder.File("d")).Count);
        var layout = new PairedFolders { Image = "train/ct/{id}", Label = "../masks/{id}" };
        Touch("masks/train1.nii");
        Assert.Equal(_folder.File("masks/train1.nii"), Assert.Single(layout.List(_folder.File("d"))).LabelPath);
        Assert.Equal("../masks/train1.nii", layout.Read(_folder.File("d"), FileHash.Of).NamedSubjects[0].LabelPath);
    }

    [Fact]
    public void Two_label_maps_of_one_image_are_refused()
    {
        Touch("images/a.nii.gz", "labels/a.nii.gz", "labels/a.nii");
        var refused = Assert.Throws<DatasetException>(() => new PairedFolders().List(_folder.Path));
        Assert.Contains("has 2 label maps: a.nii, a.nii.gz. Keep one", refused.Message);
    }

    [Fact]
    public void Nothing_but_what_the_patterns_name_is_listed()
    {
        Touch("images/a.nii.gz", "labels/a.nii.gz", "images/thumbnails/a.nii.gz", "backup/images/a.nii.gz", "labels/a.txt", ".punet/work/b.nii.gz");
        Assert.Equal(["images/a.nii.gz", "labels/a.nii.gz"], new PairedFolders().Read(_folder.Path, FileHash.Of).Files.Select(file => file.Name));
    }

    [Theory]
    [InlineData("{id}_ct.nii.gz", "{id}_seg", "{id}_ct.nii.gz and label maps as {id}_seg.nii.gz.")]
    [InlineData("images/{id}.NII", "labels/{id}", "images/{id}.nii.gz and label maps as labels/{id}.nii.gz.")]
    [InlineData("{id}.hdr", "{id}_seg", "{id}.hdr and label maps as {id}_seg.nii.gz.")]
    public void Messages_name_files_as_they_are(string image, string label, string expected)
    {
        var refused = Assert.Throws<DatasetException>(() => new PairedFolders { Image = image, Label = label }.List(_folder.File("none")));
        Assert.Contains($"Images are expected as {expected}", refused.Message);
    }

    [Fact]
    public void A_file_that_was_not_listed_cannot_be_opened()
    {
        Touch("images/a.nii.gz", "labels/a.nii.gz", "images/b.nii.gz");
        File.Delete(_folder.File("images/b.nii.gz"));
        var source = new PairedFolders().Read(_folder.Path, FileHash.Of);
        Touch("images/b.nii.gz");
        var refused = Assert.Throws<InvalidOperationException>(() => source.Open(_folder.File("images/b.nii.gz")));
        Assert.Contains("only listed files are opened", refused.Message);
    }

    [Fact]
    public void A_pipe_in_place_of_a_file_is_told_and_not_waited_for()
    {
        if (OperatingSystem.IsWindows()) return; // no such thing
        Touch("images/a.nii.gz", "labels/b.nii.gz");
        foreach (var pipe in new[] { "labels/a.nii.gz", "images/b.nii.gz", "subjects.csv" })
            System.Diagnostics.Process.Start("mkfifo", [_folder.File(pipe)]).WaitForExit();
        Assert.Equal(["a.nii.gz", "b.nii.gz"], new PairedFolders().Survey(_folder.Path).Faults.Select(fault => Path.GetFileName(fault.Path)));
        Assert.Contains("is a pipe", Assert.Throws<DatasetException>(() => new PairedFolders().List(_folder.Path)).Message);
        Assert.Contains("is a pipe", Assert.Throws<DatasetException>(() => new CsvList().List(_folder.Path)).Message);
        Assert.Contains("It is a pipe", Assert.Throws<IOException>(() => FileHash.Of(_folder.File("subjects.csv"))).Message);
        Assert.Contains("is a pipe", Assert.Throws<ImageFileException>(() => NiftiFile.Open(_folder.File("labels/a.nii.gz"))).Message);
    }

    private void Touch(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllBytes(_folder.File(file), []);
        }
    }
}
