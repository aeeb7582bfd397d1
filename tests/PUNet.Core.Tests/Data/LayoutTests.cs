using PUNet.Core.Common;
using PUNet.Core.Data;

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
        var layout = new PairedFolders { Images = "", Labels = "", ImagePattern = "scan_{id}", LabelPattern = "scan_{id}_label" };
        Assert.Equal(["7_ct", "8_ct"], layout.List(_folder.Path).Select(subject => subject.Id));
    }

    [Fact]
    public void Part_folders_give_the_dataset_s_own_split()
    {
        Touch("train/pt_2_ct.nii.gz", "train/pt_2_seg.nii.gz", "validation/pt_1_ct.nii.gz", "validation/pt_1_seg.nii.gz", "test/pt_3_ct.nii.gz", "test/pt_3_seg.nii.gz");
        var subjects = new PartFolders().List(_folder.Path);
        Assert.Equal([("pt_1", Part.Validation), ("pt_2", Part.Train), ("pt_3", Part.Test)], subjects.Select(subject => (subject.Id, subject.Part!.Value)));
    }

    [Fact]
    public void A_missing_folder_names_the_path_the_rule_and_the_remedy()
    {
        var missing = _folder.File("nothing");
        var refused = Assert.Throws<DatasetException>(() => new PairedFolders().List(missing));
        Assert.Equal($"{missing}: There is no such folder. Images are expected as images/{{id}}.nii.gz and label maps as labels/{{id}}.nii.gz. Check the path, or --data and PUNET_DATA.", refused.Message);
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
        Assert.Contains("No subject was found. Images are expected as", Assert.Throws<DatasetException>(() => new PairedFolders().List(_folder.Path)).Message);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_refused()
    {
        Touch("train/x_ct.nii.gz", "train/x_seg.nii.gz", "validation/y_ct.nii.gz", "validation/y_seg.nii.gz", "test/x_ct.nii.gz", "test/x_seg.nii.gz");
        Assert.Contains("'x' occurs 2 times", Assert.Throws<DatasetException>(() => new PartFolders().List(_folder.Path)).Message);
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
