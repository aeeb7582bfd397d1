using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Tests.Inference.Pictures;

public sealed class VolumeChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_best_and_the_worst_by_mean_Dice_are_written_with_image_reference_and_prediction_on_one_grid()
    {
        var extent = new Extent(3, 4, 2);
        var volumes = Write(extent, ("a", [0.5, 0.7]), ("b", [0.9]), ("c", [0.2]), ("d", [])).Volumes;
        Assert.Equal([(SubjectRank.Best, "b", 0.9), (SubjectRank.Worst, "c", 0.2)], volumes.Select(one => (one.Rank, one.Subject, one.MeanDice)));
        var image = NiftiFile.ReadVolume(_folder.File(volumes[0].Image));
        Assert.Equal((extent, 2.0), (image.Extent, image.Geometry.Spacing.W));
        Assert.Equal([0, 128, 255], image.Data.Take(3)); // −1, 0, 1
        var reference = NiftiFile.ReadLabels(_folder.File(volumes[0].Reference)).Data;
        Assert.Equal((0, 3), (reference[0], reference[1])); // 255 is not annotated
        Assert.All(NiftiFile.ReadLabels(_folder.File(volumes[1].Prediction)).Data, label => Assert.Equal(2, label));
    }

    [Fact]
    public void One_subject_is_written_once_and_large_volumes_are_thinned_with_their_place_kept()
    {
        var volume = Assert.Single(Write(new Extent(300, 200, 100), ("a", [0.5])).Volumes);
        Assert.Equal(2, volume.Step);
        var labels = NiftiFile.ReadLabels(_folder.File(volume.Prediction));
        Assert.Equal((new Extent(150, 100, 50), 4.0), (labels.Extent, labels.Geometry.Spacing.W));
    }

    [Fact]
    public void Without_a_scored_class_there_is_no_volume() => Assert.Empty(Write(new Extent(2, 2, 2), ("a", [])).Volumes);

    public void Dispose() => _folder.Dispose();

    private SubjectVolumes Write(Extent extent, params (string Id, double[] Dice)[] subjects)
    {
        var choice = new VolumeChoice(_folder.Path);
        foreach (var (id, dice) in subjects)
            choice.Offer(id, dice, [.. Enumerable.Repeat((byte)(id == "c" ? 2 : 1), (int)extent.Count)]);
        choice.Write(["liver"], id => Subject(id, extent), _ => Geometry.FromSpacing(new Spacing(1, 2, 3)));
        return SubjectVolumes.Read(_folder.Path)!;
    }

    private static LoadedSubject Subject(string id, Extent extent)
    {
        var (image, labels) = (new float[extent.Count], new byte[extent.Count]);
        (image[0], image[2], labels[0], labels[1]) = (-1, 1, IgnoredLabel.Value, 3);
        return new(id, image, labels, extent);
    }
}
