using PUNet.Core.Common;
using PUNet.Core.Data.Phantoms;
using PUNet.Core.Imaging;

namespace PUNet.Core.Tests.Data;

public sealed class PhantomTests
{
    private static readonly PhantomOptions _options = new() { Subjects = 3 };
    private static readonly Lazy<(Volume Image, LabelMap Labels)[]> _phantoms = new(
        () => [.. Enumerable.Range(0, 4).Select(i => PhantomGenerator.Make(_options, i))]);

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_another_seed_others()
    {
        using var folder = new TemporaryFolder();
        var options = _options with { Subjects = 2, InPlane = 32, InPlaneSpacing = (11, 12), Slices = (6, 8), SliceSpacing = (24, 26) };
        foreach (var (name, seed) in new[] { ("a", 1), ("b", 1), ("c", 2) })
            PhantomGenerator.Write(options with { Seed = seed }, folder.File(name), _ => { }, default);
        foreach (var file in new[] { "images/phantom_001.nii.gz", "images/phantom_002.nii.gz", "labels/phantom_002.nii.gz", "classes.json" })
        {
            byte[] Bytes(string run) => File.ReadAllBytes(Path.Combine(folder.File(run), file));
            Assert.Equal(Bytes("a"), Bytes("b"));
            if (file != "classes.json") Assert.NotEqual(Bytes("a"), Bytes("c"));
        }
    }

    [Fact]
    public void Every_phantom_has_every_class_and_the_tissues_of_a_trunk()
    {
        foreach (var (image, labels) in _phantoms.Value)
        {
            for (var c = 1; c <= PhantomGenerator.Classes.Count; c++)
                Assert.True(labels.Data.Count(label => label == c) > 40, PhantomGenerator.Classes[c - 1]);
            Assert.Contains(image.Data, hu => hu < -950); // air
            Assert.True(image.Data.Count(hu => hu is > -150 and < -60) > 10_000); // fat
            Assert.True(image.Data.Count(hu => hu > 250) > 1_000); // bone
        }
    }

    [Fact]
    public void Left_and_right_kidney_share_their_intensity_and_lie_on_the_patient_s_own_sides()
    {
        foreach (var (image, labels) in _phantoms.Value)
        {
            var left = Describe(image, labels, "left kidney");
            var right = Describe(image, labels, "right kidney");
            Assert.True(left.X < -20 && right.X > 20, $"{left} {right}"); // RAS: x grows to the right
            Assert.InRange(left.Mean - right.Mean, -15, 15);
            Assert.InRange(Describe(image, labels, "liver").Mean - Describe(image, labels, "spleen").Mean, -35, 35);
        }
    }

    [Fact]
    public void No_intensity_tells_an_organ_from_its_distractors()
    {
        foreach (var (image, labels) in _phantoms.Value)
        {
            var kidney = Describe(image, labels, "left kidney").Mean;
            var alike = image.Data.Zip(labels.Data).Count(v => Math.Abs(v.First - kidney) < 30 && v.Second != 3);
            Assert.True(alike > 3 * labels.Data.Count(label => label == 3), $"{alike}");
        }
    }

    [Fact]
    public void Subjects_differ_in_spacing_and_some_have_other_axes_or_are_tilted()
    {
        var geometries = _phantoms.Value.Select(phantom => phantom.Image.Geometry).ToList();
        Assert.Equal(4, geometries.Select(geometry => geometry.Spacing).Distinct().Count());
        Assert.All(geometries, geometry => Assert.True(geometry.Spacing.ToArray().Max() > 1.6 * geometry.Spacing.ToArray().Min()));
        Assert.Equal(["LPS", "RAS", "LPS", "LPS"], geometries.Select(geometry => geometry.Orientation.Code));
        Assert.Contains(geometries, geometry => Math.Abs(geometry[1, 2]) > 0.01 * geometry.Spacing.D);
    }

    [Fact]
    public void Fat_has_the_noise_that_was_asked_for()
    {
        var quiet = PhantomGenerator.Make(_options with { Noise = 0 }, 0).Image;
        var noise = _phantoms.Value[0].Image.Data.Zip(quiet.Data, (noisy, clean) => noisy - clean).Where((_, i) => quiet.Data[i] > -900).ToList();
        Assert.InRange(Math.Sqrt(noise.Average(x => x * x)), 23, 27);
    }

    [Fact]
    public void Faults_of_the_options_are_told_together()
    {
        var refused = Assert.Throws<ConfigurationException>(() =>
            PhantomGenerator.Write(new PhantomOptions { Subjects = 0, Noise = -1 }, "/nowhere", _ => { }, default));
        Assert.Equal(["subjects is 0; it must be at least 1.", "noise is -1; it must not be negative."], refused.Faults);
        var range = Assert.Single(new PhantomOptions { Slices = (9, 5) }.Faults());
        Assert.Equal("slices runs from 9 to 5; the lower end comes first.", range.ToString());
    }

    private static (double Mean, double X) Describe(Volume image, LabelMap labels, string name)
    {
        var label = 1 + PhantomGenerator.Classes.ToList().IndexOf(name);
        var (sum, x, n, at) = (0.0, 0.0, 0, 0);
        for (var h = 0; h < image.Extent.H; h++)
            for (var w = 0; w < image.Extent.W; w++)
                for (var d = 0; d < image.Extent.D; d++, at++)
                {
                    if (labels.Data[at] != label) continue;
                    sum += image.Data[at];
                    x += image.Geometry.ToMm(h, w, d).X;
                    n++;
                }
        return (sum / n, x / n);
    }
}
