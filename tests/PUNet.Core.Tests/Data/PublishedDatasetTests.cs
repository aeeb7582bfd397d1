using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data;

/// <summary>CT-ORG, TCIA/BTCV, nnU-Net and tables, on small folders with the real file names and their traps.</summary>
public sealed class PublishedDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ct_org_drops_the_brain_and_subjects_without_a_liver()
    {
        var extent = new Extent(12, 12, 6);
        Write("OrganSegmentations/volume-2.nii.gz", Volumes.Counting(extent));
        Write("OrganSegmentations/labels-2.nii.gz", Volumes.Labels(extent, (h, _, _) => h % 7));
        Write("OrganSegmentations/volume-10.nii.gz", Volumes.Counting(extent));
        Write("OrganSegmentations/labels-10.nii.gz", Volumes.Labels(extent, (h, _, _) => h % 2 == 0 ? 6 : 5));
        var subjects = new CtOrg().List(_folder.Path);
        Assert.Equal(["volume-2", "volume-10"], subjects.Select(subject => subject.Id));
        var dataset = Preparation.Run(subjects, new CtOrg().Preparation, DatasetUse.AllForTraining, _folder.File("prepared"), _ => { }, default);
        Assert.Equal(["liver", "bladder", "lungs", "kidneys", "bone"], dataset.Classes);
        var subject = Assert.Single(dataset.Subjects);
        Assert.Equal(new Extent(280, 280, 2), subject.Extent); // 6 slices of 1 mm at 2.5 mm
        Assert.Equal(new Spacing(1.25, 1.25, 2.5), subject.Spacing);
        Assert.All(subject.ClassVoxels, voxels => Assert.True(voxels > 0));
        var leftOut = Assert.Single(SubjectsFile.Read(dataset.Folder).LeftOut);
        Assert.Equal(("volume-10", "it has no voxel of liver."), (leftOut.Id, leftOut.Reason));
        Assert.Equal(5, dataset.Load("volume-2", Normalisation.Paper).Labels.Max());
    }

    [Fact]
    public void Btcv_crops_to_the_table_s_box_turns_tcia_labels_and_keeps_the_two_domains_apart()
    {
        var extent = new Extent(90, 100, 30);
        // The organ: one voxel column in array indices of the image; TCIA's label map is stored upside down.
        Write("image_tcia_multiorgan/PANCREAS_0007.nii", Volumes.Counting(extent));
        Write(
            "label_tcia_multiorgan/label0007.nii.gz",
            Volumes.Labels(extent, (h, w, d) => (h, w, 29 - d) == (40, 50, 4) ? 14 : 2, Geometry.FromSpacing(new(1, 1, 9))));
        Write("image_btcv_multiorgan/img0007.nii.gz", Volumes.Counting(extent));
        Write("label_btcv_multiorgan/label0007.nii.gz", Volumes.Labels(extent, (h, w, d) => (h, w, d) == (40, 50, 4) ? 1 : 13));
        File.WriteAllText(_folder.File("cropping.csv"), """
            original_id,publisher,extent_right,extent_left,extent_post,extent_ant,extent_inf,extent_sup
            7,Synapse,60,30,70,40,4,20
            0007,TCIA,50,35,60,45,5,10

            """);
        var subjects = new Btcv().List(_folder.Path);
        Assert.Equal([("btcv-0007", "btcv"), ("tcia-0007", "tcia")], subjects.Select(subject => (subject.Id, subject.Domain!)));
        Assert.Equal(new VoxelBox((35 - 24, 100 - 60 - 24, 5 - 3), (50 + 24, 100 - 45 + 24, 10 + 3)), subjects[1].Crop!.In(extent));

        var options = new Btcv().Preparation with { Spacing = null, InPlaneExtent = null };
        var dataset = Preparation.Run(subjects, options, DatasetUse.AllForTraining, _folder.File("prepared"), _ => { }, default);
        var tcia = dataset.Subject("tcia-0007");
        Assert.Equal(new Extent(63, 63, 11), tcia.Extent);
        Assert.Equal(1, tcia.ClassVoxels[8]); // duodenum, 14 in the source
        var labels = dataset.Load("tcia-0007", Normalisation.Paper).Labels;
        Assert.Equal(8, labels[((40 - 11) * 63 + (50 - 16)) * 11 + (4 - 2)]);
        Assert.Equal(1, dataset.Subject("btcv-0007").ClassVoxels[1]);
    }

    [Fact]
    public void Btcv_without_a_row_for_an_image_names_it()
    {
        Write("image_tcia_multiorgan/PANCREAS_0007.nii", Volumes.Counting(new(4, 4, 4)));
        Write("label_tcia_multiorgan/label0007.nii.gz", Volumes.Labels(new(4, 4, 4), (_, _, _) => 1));
        foreach (var folder in new[] { "image_btcv_multiorgan", "label_btcv_multiorgan" }) Directory.CreateDirectory(_folder.File(folder));
        File.WriteAllText(
            _folder.File("cropping.csv"), "publisher,original_id,extent_left,extent_right,extent_ant,extent_post,extent_inf,extent_sup\n");
        Assert.Contains("has no row for TCIA 0007", Assert.Throws<DatasetException>(() => new Btcv().List(_folder.Path)).Message);
        File.WriteAllText(_folder.File("cropping.csv"), "publisher,original_id,extent_left\n");
        Assert.Contains("has no column 'extent_right'", Assert.Throws<DatasetException>(() => new Btcv().List(_folder.Path)).Message);
    }

    [Theory]
    [InlineData("""{ "labels": { "background": 0, "liver": 1, "tumour": 2, "ignore": 3 } }""", "_0001")]
    [InlineData("""{ "labels": { "0": "background", "1": "liver", "2": "tumour" } }""", "")]
    public void Nnunet_and_decathlon_folders_give_subjects_and_classes(string json, string channel)
    {
        Write($"imagesTr/case_1{channel}.nii.gz", Volumes.Counting(new(4, 4, 4)));
        Write("labelsTr/case_1.nii.gz", Volumes.Labels(new(4, 4, 4), (_, _, _) => 1));
        File.WriteAllText(_folder.File("dataset.json"), json);
        var subject = Assert.Single(new NnUNet { Channel = channel.Length > 0 ? 1 : 0 }.List(_folder.Path));
        Assert.Equal("case_1", subject.Id);
        Assert.Equal((1, "liver"), new NnUNet().KnownLabels(_folder.Path)!.Select(entry => (entry.Key, entry.Value)).First());
    }

    [Fact]
    public void Nnunet_s_ignored_label_is_no_class_and_unknown_classes_are_refused()
    {
        File.WriteAllText(
            _folder.File("dataset.json"),
            """{ "channel_names": { "0": "CT", "1": "T1" }, "labels": { "background": 0, "liver": 1, "ignore": 2 } }""");
        Write("imagesTr/a.nii.gz", Volumes.Counting(new(2, 2, 2)));
        Write("labelsTr/a.nii.gz", Volumes.Labels(new(2, 2, 2), (_, _, _) => 1));
        var source = new NnUNet().Read(_folder.Path, FileHash.Of);
        PreparationOptions Complete(int label) =>
            new NnUNet().Complete(new PreparationOptions { Classes = new Dictionary<int, string> { [label] = "any name" } }, source);
        Assert.Equal(2, Complete(1).IgnoredSourceLabel);
        Assert.Equal([1, 2], new NnUNet().KnownLabels(_folder.Path)!.Keys);
        Assert.True(new NnUNet().InHounsfieldUnits(_folder.Path));
        Assert.False(new NnUNet { Channel = 1 }.InHounsfieldUnits(_folder.Path));
        var refused = Assert.Throws<DatasetException>(() => Complete(3));
        Assert.Contains("has the labels 1 (liver); the declared classes name 3 too", refused.Message);
    }

    [Fact]
    public void Nnunet_tells_images_without_labels_and_labels_without_the_wanted_channel()
    {
        foreach (var image in new[] { "a_0000", "a_0001", "b_0000", "c_0000", "c_0001" })
            Write($"imagesTr/{image}.nii.gz", Volumes.Counting(new(2, 2, 2)));
        foreach (var label in new[] { "a", "b" }) Write($"labelsTr/{label}.nii.gz", Volumes.Labels(new(2, 2, 2), (_, _, _) => 1));
        var found = new NnUNet { Channel = 1 }.Survey(_folder.Path);
        Assert.Equal(["a"], found.Subjects.Select(subject => subject.Id));
        Assert.Equal(["c_0000.nii.gz", "c_0001.nii.gz"], found.ImagesAlone.Select(Path.GetFileName));
        Assert.Equal(["b.nii.gz"], found.LabelsAlone.Select(Path.GetFileName));
        foreach (var image in new[] { "c_0000", "c_0001" }) File.Delete(_folder.File($"imagesTr/{image}.nii.gz"));
        Assert.Contains(
            "1 of 2 label maps have no image: b.nii.gz",
            Assert.Throws<DatasetException>(() => new NnUNet { Channel = 1 }.List(_folder.Path)).Message);
        Assert.Equal(["a", "b"], new NnUNet().List(_folder.Path).Select(subject => subject.Id));
    }

    [Fact]
    public void An_id_that_would_lead_out_of_the_folder_is_refused()
    {
        Write("a.nii.gz", Volumes.Counting(new(2, 2, 2)));
        File.WriteAllText(_folder.File("subjects.csv"), "id,image,label\n../a,a.nii.gz,a.nii.gz\n");
        Assert.Contains("'../a' cannot name a file", Assert.Throws<DatasetException>(() => new CsvList().List(_folder.Path)).Message);
    }

    [Fact]
    public void A_table_may_name_files_outside_its_folder_which_are_hashed_as_seen_from_it()
    {
        Write("a.nii.gz", Volumes.Counting(new(2, 2, 2)));
        Directory.CreateDirectory(_folder.File("lists"));
        File.WriteAllText(_folder.File("lists/subjects.csv"), "id,image,label\na,../a.nii.gz,../a.nii.gz\n");
        var source = new CsvList().Read(_folder.File("lists"), Path.GetFileName);
        Assert.Equal([("../a.nii.gz", "a.nii.gz"), ("subjects.csv", "subjects.csv")], source.Files);
    }

    [Fact]
    public void A_table_that_names_what_is_no_image_or_half_of_one_is_refused()
    {
        Write("a.nii.gz", Volumes.Counting(new(2, 2, 2)));
        File.WriteAllText(_folder.File("a.hdr"), "");
        File.WriteAllText(_folder.File("a.png"), "");
        Directory.CreateDirectory(_folder.File("b.nii"));
        (string, string)[] cases = [("a.hdr", "a.img, is not beside it"), ("a.png", "is not named like a NIfTI file"), ("b.nii", "is a folder")];
        foreach (var (image, problem) in cases)
        {
            File.WriteAllText(_folder.File("subjects.csv"), $"id,image,label\ns,{image},a.nii.gz\n");
            Assert.Contains(problem, Assert.Throws<DatasetException>(() => new CsvList().List(_folder.Path)).Message);
        }
    }

    [Fact]
    public void A_table_lists_subjects_with_part_patient_and_domain()
    {
        Write("a.nii.gz", Volumes.Counting(new(2, 2, 2)));
        File.WriteAllText(
            _folder.File("subjects.csv"), "label,id,image,part,patient\n\"a.nii.gz\",s2,a.nii.gz,test,\"Doe, J\"\na.nii.gz,s1,a.nii.gz,,\n");
        var subjects = new CsvList().List(_folder.Path);
        Assert.Equal([("s1", null, null), ("s2", Part.Test, "Doe, J")], subjects.Select(s => (s.Id, s.Part, s.Patient)));
        File.WriteAllText(_folder.File("subjects.csv"), "id,image,label,part\ns1,a.nii.gz,a.nii.gz,holdout\n");
        Assert.Contains("the part 'holdout'", Assert.Throws<DatasetException>(() => new CsvList().List(_folder.Path)).Message);
        File.WriteAllText(_folder.File("subjects.csv"), "id,image,label\ns1,b.nii.gz,a.nii.gz\n");
        Assert.Contains("there is no such file", Assert.Throws<DatasetException>(() => new CsvList().List(_folder.Path)).Message);
    }

    [DataFact("openkbp")]
    public void Openkbp_is_read_with_its_own_split_and_cropped_to_the_body()
    {
        var subjects = new PartFolders().List(Path.Combine(DataFactAttribute.Folder!, "openkbp"));
        Assert.Equal([40, 10, 10], new[] { Part.Train, Part.Validation, Part.Test }.Select(part => subjects.Count(subject => subject.Part == part)));
        var options = new PreparationOptions
        {
            Classes =
                new Dictionary<int, string> { [1] = "brainstem", [2] = "spinal cord", [3] = "right parotid", [4] = "left parotid", [7] = "mandible" },
            BodyCrop = new BodyCrop(),
        };
        var dataset = Preparation.Run([.. subjects.Take(4)], options, DatasetUse.AllForTraining, _folder.File("prepared"), _ => { }, default);
        foreach (var subject in dataset.Subjects)
        {
            Assert.True(subject.Extent.Count < 0.8 * 128 * 128 * 128, $"{subject.Id}: {subject.Extent}");
            var source = NiftiFile.ReadLabels(subjects.Single(s => s.Id == subject.Id).LabelPath);
            var restored = dataset.Restore(subject.Id, dataset.Load(subject.Id, Normalisation.Paper).Labels);
            Assert.Equal(
                source.Data.Select(label => label switch { 1 => 1, 2 => 2, 3 => 3, 4 => 4, 7 => 5, _ => 0 }),
                restored.Data.Select(label => (int)label));
        }
    }

    private void Write(string name, Volume image)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        NiftiWriter.Write(_folder.File(name), image);
    }

    private void Write(string name, LabelMap labels)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        NiftiWriter.Write(_folder.File(name), labels);
    }
}
