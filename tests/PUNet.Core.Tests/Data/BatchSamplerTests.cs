using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;

namespace PUNet.Core.Tests.Data;

public sealed class BatchSamplerTests
{
    private static readonly BatchOptions _batch = new() { BatchSize = 6, CropsPerVolume = 2, Classes = [5, 2, 3], MostActive = 2 };

    [Fact]
    public void A_batch_has_the_promised_shapes_types_and_classes()
    {
        var counts = new HashSet<int>();
        for (var index = 0; index < 20; index++)
        {
            using var batch = Sampler().Training(index);
            Assert.Equal([6, 1, 24, 20, 2], batch.Teacher.Image.shape);
            Assert.Equal([6, 16, 20, 2], batch.Students[0].Labels.shape);
            Assert.Equal([6, 3, 12, 12, 1], batch.Students[1].Coordinates.shape);
            Assert.Equal(TorchSharp.torch.ScalarType.Int64, batch.Teacher.Labels.dtype);
            Assert.Equal(6, batch.Active.Batch);
            counts.Add(batch.Active.Count);
            Assert.All(batch.Active.Foreground(), classes => Assert.Equal(classes.Order().Distinct().Intersect([2, 3, 5]), classes));
            for (var b = 0; b < 6; b += 2) Assert.Equal(batch.Frames[b], batch.Frames[b + 1]);
        }
        Assert.Equal([1, 2], counts.Order());
    }

    [Fact]
    public void Batches_are_the_same_whatever_the_number_of_workers_and_the_first_index()
    {
        string[] Contents(int workers, int first)
        {
            var sampler = Sampler();
            using var loader = new BatchLoader<TrainingBatch>(sampler.Training, first, 8, workers);
            return [.. loader.Select(Content)];
        }
        var one = Contents(1, 0);
        Assert.Equal(8, one.Distinct().Count());
        Assert.Equal(one, Contents(3, 0));
        Assert.Equal(one, Contents(0, 0));
        Assert.Equal(one[5..], Contents(2, 5));
    }

    [Fact]
    public void A_single_view_has_the_first_students_extent()
    {
        using var batch = Sampler().Supervised(3);
        Assert.Equal([6, 1, 16, 20, 2], batch.View.Image.shape);
        Assert.Equal(6, batch.Active.Batch);
    }

    [Fact]
    public void A_subject_that_cannot_be_read_is_named()
    {
        var sampler = new BatchSampler(
            ["volume-7"], _ => throw new IOException("the file is truncated."), Views(), _batch, new RandomStream(1, "batches"));
        Assert.Equal("Subject volume-7: the file is truncated.", Assert.Throws<SubjectException>(() => sampler.Training(0)).Message);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var options = new BatchOptions { BatchSize = 5, CropsPerVolume = 2, Classes = [1], FewestActive = 2, MostActive = 2 };
        var faults = Assert.Throws<ConfigurationException>(
            () => new BatchSampler([], _ => null!, Views(), options, new RandomStream(1, "batches"))).Faults;
        Assert.Equal(3, faults.Count);
        Assert.Contains("crops per volume (2) must divide the batch size (5), and both must be at least 1.", faults);
    }

    private static BatchSampler Sampler()
    {
        var subjects = new[] { "a", "b", "c" }.ToDictionary(id => id, id => SyntheticSubjects.Random(new Extent(30, 26, 4), 5, id));
        return new(["a", "b", "c"], id => subjects[id], Views(), _batch, new RandomStream(4, "batches"));
    }

    private static ViewSampler Views() => new(new ViewOptions { Teacher = new(24, 20, 2), Students = [new(16, 20, 2), new(12, 12, 1)] });

    private static string Content(TrainingBatch batch)
    {
        using (batch)
        {
            double Sum(ViewBatch view) =>
                view.Image.sum().item<float>() + 3.7 * view.Labels.sum().item<long>() + view.Coordinates.std().item<float>();
            return $"{Sum(batch.Teacher):R} {Sum(batch.Students[0]):R} {Sum(batch.Students[1]):R} {string.Join(",", batch.Frames)} "
                + $"{string.Join(",", batch.Active.Foreground().Select(c => c[0]))}";
        }
    }
}
