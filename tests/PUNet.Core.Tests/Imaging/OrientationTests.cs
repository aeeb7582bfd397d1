using FsCheck;
using FsCheck.Fluent;
using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Imaging;

public sealed class OrientationTests
{
    [Fact]
    public void There_are_48_orientations_and_each_is_found_again_on_a_tilted_grid()
    {
        Assert.Equal(48, Orientation.All.Distinct().Count());
        foreach (var orientation in Orientation.All)
            Assert.Equal(orientation, Volumes.Oblique(orientation, new(0.7, 1.3, 5), 0.3).Orientation);
    }

    [Theory]
    [InlineData("RRS")]
    [InlineData("RA")]
    [InlineData("XYZ")]
    [InlineData("")]
    public void Letters_that_are_no_orientation_are_refused_with_the_rule(string code)
    {
        var refused = Assert.Throws<ArgumentException>(() => Orientation.Parse(code));
        Assert.Contains("one of R or L, one of A or P and one of S or I", refused.Message);
        Assert.Contains($"'{code}'", refused.Message);
    }

    [Fact]
    public void Reorienting_there_and_back_is_the_identity_for_every_pair_of_orientations()
    {
        var pairs = from source in Gen.Elements(Orientation.All.ToArray())
                    from target in Gen.Elements(Orientation.All.ToArray())
                    from h in Gen.Choose(1, 5)
                    from w in Gen.Choose(1, 5)
                    from d in Gen.Choose(1, 5)
                    from angle in Gen.Choose(-30, 30)
                    select (source, target, extent: new Extent(h, w, d), angle: angle / 100.0);
        Prop.ForAll(pairs.ToArbitrary(), x =>
        {
            var volume = Volumes.Counting(x.extent, Volumes.Oblique(x.source, new(0.7, 1.25, 3), x.angle));
            var there = Reorientation.Between(x.source, x.target);
            var geometry = there.Apply(volume.Geometry, x.extent);
            var data = there.Apply(volume.Data, x.extent);
            var back = there.Inverse();
            return geometry.Orientation == x.target
                && back.Apply(data, there.Apply(x.extent)).SequenceEqual(volume.Data)
                && back.Apply(there.Apply(x.extent)) == x.extent
                && back.Apply(geometry, there.Apply(x.extent)).AgreesWith(volume.Geometry, x.extent, 1e-9);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_grid_is_brought_onto_another_one_only_where_both_lie_in_the_same_places()
    {
        var extent = new Extent(3, 4, 5);
        var geometry = Volumes.Oblique(Orientation.Parse("PIR"), new(0.7, 1.25, 3), 0.7); // no axis runs mostly along one of the patient's
        Assert.True(Reorientation.Onto(geometry, extent, geometry, extent)!.IsNone);
        foreach (var target in Orientation.All)
        {
            var there = Reorientation.Between(Orientation.Parse("PIR"), target);
            var (turned, turnedExtent) = (there.Apply(geometry, extent), there.Apply(extent));
            var found = Reorientation.Onto(geometry, extent, turned, turnedExtent)!;
            Assert.Equal(there.From, found.From);
            Assert.Equal(there.Reversed, found.Reversed);
            Assert.Null(Reorientation.Onto(geometry, extent, turned.Along(axis => (1, axis == 1 ? 1 : 0)), turnedExtent));
            Assert.Null(Reorientation.Onto(geometry, extent, turned.Along(axis => (1.5, 0)), turnedExtent));
            Assert.Null(Reorientation.Onto(geometry, extent, turned, new Extent(turnedExtent.H + 1, turnedExtent.W, turnedExtent.D)));
        }
    }

    [Fact]
    public void A_voxel_keeps_its_place_in_the_patient()
    {
        var extent = new Extent(3, 4, 5);
        foreach (var target in Orientation.All)
        {
            var volume = Volumes.Counting(extent, Volumes.Oblique(Orientation.Parse("PIR"), new(0.7, 1.25, 3), 0.2));
            var to = Reorientation.Between(Orientation.Parse("PIR"), target);
            var moved = new Volume(to.Apply(volume.Data, extent), to.Apply(extent), to.Apply(volume.Geometry, extent));
            for (var h = 0; h < moved.Extent.H; h++)
                for (var w = 0; w < moved.Extent.W; w++)
                    for (var d = 0; d < moved.Extent.D; d++)
                    {
                        var index = (int)moved[h, w, d];
                        var expected = volume.Geometry.ToMm(index / 20, index / 5 % 4, index % 5);
                        var actual = moved.Geometry.ToMm(h, w, d);
                        Assert.Equal(expected.X, actual.X, 9);
                        Assert.Equal(expected.Y, actual.Y, 9);
                        Assert.Equal(expected.Z, actual.Z, 9);
                    }
        }
    }
}
