using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data;

/// <summary>Grids of images and label maps on which preparation has to decide.</summary>
public sealed class GridTests : IDisposable
{
    private static readonly PreparationOptions _options = new()
    {
        Classes = new Dictionary<int, string> { [1] = "one", [2] = "two" },
        Orientation = null,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_label_map_on_its_image_s_grid_with_other_axes_is_turned_voxel_for_voxel()
    {
        var (extent, geometry) = (new Extent(4, 5, 6), Volumes.Oblique(Orientation.Lps, new(1, 1.5, 3), 0.2));
        var (image, labels) = (Volumes.Counting(extent, geometry), Volumes.Labels(extent, (h, w, d) => (h + 2 * w + 3 * d * d) % 3, geometry));
        foreach (var code in Orientation.All)
        {
            var there = Reorientation.Between(Orientation.Lps, code);
            var turned = new LabelMap(there.Apply(labels.Data, extent), there.Apply(extent), there.Apply(geometry, extent));
            var messages = new List<string>();
            var dataset = Prepare(image, turned, messages);
            var prepared = dataset.Load("a", Normalisation.Paper).Labels;
            Assert.Equal(labels.Data.Select(label => (byte)label), prepared);
            Assert.Equal(turned.Data, there.Apply(dataset.Restore("a", prepared).Data, extent)); // and the way back
            const string told = "1 of 1 label maps lie on their image's grid with other axes and were turned onto it, voxel for voxel: a.";
            Assert.Equal(code == Orientation.Lps ? [] : [told], messages);
        }
    }

    [Fact]
    public void A_label_map_with_other_axes_on_another_grid_is_refused_without_the_advice_to_overwrite_its_header()
    {
        var turned = new Geometry([-1, 0, 0, 9, 0, -1, 0, 3, 0, 0, 1, 0]); // 6 mm away from where its axes would fit
        var (image, labels) = (Volumes.Counting(new(4, 4, 4)), Volumes.Labels(new(4, 4, 4), (_, _, _) => 1, turned));
        var refused = Assert.Throws<ImageFileException>(() => Prepare(image, labels, []));
        Assert.Contains("the label map lies at LPS 1×1×1 mm from (9, 3, 0), the image at RAS 1×1×1 mm from (0, 0, 0)", refused.Message);
        Assert.Contains("resample the label map onto the image", refused.Message);
    }

    [Fact]
    public void Sform_and_qform_that_disagree_are_told_with_the_rule_that_was_applied_also_when_the_subject_was_done_before()
    {
        var subjects = new List<SubjectFiles>();
        foreach (var id in new[] { "a", "b" })
        {
            subjects.Add(new SubjectFiles(id, _folder.File($"{id}.nii"), _folder.File($"{id}_seg.nii")));
            NiftiWriter.Write(subjects[^1].ImagePath, Volumes.Counting(new(4, 4, 4)));
            NiftiWriter.Write(subjects[^1].LabelPath, Volumes.Labels(new(4, 4, 4), (_, _, _) => 1));
        }
        var bytes = File.ReadAllBytes(subjects[0].ImagePath);
        BitConverter.GetBytes(10f).CopyTo(bytes, 88); // thickness of a slice, which the qform takes
        File.WriteAllBytes(subjects[0].ImagePath, bytes);
        var folders = new StageFolders(_folder.File("out"), _folder.File("work"));
        Directory.CreateDirectory(folders.Output);
        Directory.CreateDirectory(folders.Work);
        var messages = new List<string>();
        using var cancellation = new CancellationTokenSource();
        void Run(Action<StageEvent> report, CancellationToken token) =>
            Preparation.Run(DatasetSource.Of(subjects), _options, DatasetUse.AllForTraining, folders, [], report, token);
        Assert.ThrowsAny<OperationCanceledException>(() => Run(e => { if (e is StageEvent.Progress) cancellation.Cancel(); }, cancellation.Token));
        Run(e => { if (e is StageEvent.Message message) messages.Add(message.Text); }, default);
        Assert.Contains("subjects were prepared before", messages[0]);
        Assert.StartsWith("Warning: in 1 of 2 images two descriptions of the grid disagree. a has an sform (code 1) and a qform", messages[1]);
        Assert.Contains("The sform is used", messages[1]);
    }

    private PreparedDataset Prepare(Volume image, LabelMap labels, List<string> messages)
    {
        var files = new SubjectFiles("a", _folder.File("image.nii.gz"), _folder.File("label.nii.gz"));
        NiftiWriter.Write(files.ImagePath, image);
        NiftiWriter.Write(files.LabelPath, labels);
        void Report(StageEvent told)
        {
            if (told is StageEvent.Message message) messages.Add(message.Text);
        }
        return Preparation.Run([files], _options, DatasetUse.AllForTraining, _folder.File("prepared"), Report, default);
    }
}
