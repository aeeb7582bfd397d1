using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Data;

public sealed class CompactSubjectTests
{
    private static readonly Extent _extent = new(23, 19, 7);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(9)] // deeper than the volume: padded
    public void Crops_are_bit_for_bit_those_of_the_normalised_image(int depth)
    {
        foreach (var normalisation in new Normalisation[] { new Normalisation.Window(-160, 240), new Normalisation.Percentiles(0.5, 99.5) })
        {
            var (loaded, compact) = Both(normalisation);
            var options = new ViewOptions
            {
                Teacher = new(16, 24, depth),
                Students = [new(12, 12, Math.Min(depth, 3)), new(8, 8, 1)],
                ForegroundFraction = 0.5,
            };
            var sampler = new ViewSampler(options);
            for (var i = 0; i < 20; i++)
            {
                var expected = sampler.Draw(loaded, [1, 2], new RandomStream(3, $"{i}"));
                var actual = sampler.Draw(compact, [1, 2], new RandomStream(3, $"{i}"));
                foreach (var (x, y) in expected.Students.Append(expected.Teacher).Zip(actual.Students.Append(actual.Teacher)))
                {
                    Assert.Equal(x.Image, y.Image);
                    Assert.Equal(x.Labels, y.Labels);
                    Assert.Equal(x.Coordinates, y.Coordinates);
                }
            }
        }
    }

    [Fact]
    public void The_minimum_is_that_of_the_normalised_image()
    {
        var (loaded, compact) = Both(new Normalisation.Window(-400, 240));
        Assert.Equal(loaded.Image.Min(), compact.Minimum);
        Assert.Equal(loaded.Image.Min(), loaded.Minimum);
    }

    private static (LoadedSubject Loaded, CompactSubject Compact) Both(Normalisation normalisation)
    {
        var random = new RandomStream(1, "compact");
        var voxels = Enumerable.Range(0, (int)_extent.Count).Select(_ => (short)random.Integer(-300, 400)).ToArray();
        var labels = voxels.Select(_ => (byte)random.Integer(0, 3)).ToArray();
        var image = Array.ConvertAll(voxels, x => (float)x);
        return (
            new LoadedSubject("a", normalisation.Apply(image), labels, _extent),
            new CompactSubject("a", voxels, labels, _extent, normalisation.For(image)));
    }
}
