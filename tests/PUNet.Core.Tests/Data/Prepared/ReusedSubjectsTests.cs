using System.Security.Cryptography;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data.Prepared;

/// <summary>A preparation takes from earlier ones what it would make itself, and nothing else.</summary>
public sealed class ReusedSubjectsTests : IDisposable
{
    private static readonly PreparationOptions _options = new()
    {
        Classes = new Dictionary<int, string> { [1] = "one", [2] = "two" },
        Spacing = new Spacing(1.5, 1.5, 1.5),
    };

    private static readonly Geometry _geometry = Geometry.FromSpacing(new(1, 1, 2));
    private static readonly string[] _five = ["a", "b", "c", "d", "empty"];
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public ReusedSubjectsTests()
    {
        foreach (var id in _five.Append("new")) Scan(id, id[0]);
        NiftiWriter.Write(Label("empty"), Volumes.Labels(new(8, 7, 6), (_, _, _) => 0, _geometry)); // is left out
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_more_scan_prepares_one_subject_and_the_result_is_that_of_a_preparation_from_scratch()
    {
        var earlier = Prepare(_five, _options, []);
        Assert.Equal(5, earlier.Prepared.Count);
        var added = Prepare([.. _five, "new"], _options, [earlier.Result]);
        Assert.Equal(["new"], added.Prepared);
        Assert.Equal("5 of 6 subjects were prepared before", added.Messages[0]);
        Assert.Equal(Bytes(Prepare([.. _five, "new"], _options, []).Result.Folder), Bytes(added.Result.Folder));
    }

    [Fact]
    public void Another_split_or_normalisation_prepares_nothing()
    {
        var earlier = Prepare(_five, _options, []);
        var use = new DatasetUse(new Normalisation.Window(0, 1), _ => new DatasetSplit(["c", "a"], ["b"], ["d"]));
        var other = Prepare(_five, _options, [earlier.Result], use);
        Assert.Empty(other.Prepared);
        Assert.Equal(Bytes(Prepare(_five, _options, [], use).Result.Folder), Bytes(other.Result.Folder));
        Assert.Equal(["c", "a"], PreparedDataset.Open(other.Result.Folder, DatasetFacet.Training).Subjects.Select(subject => subject.Id));
    }

    [Fact]
    public void A_renamed_scan_is_taken_under_its_new_name_and_a_changed_one_is_prepared_again()
    {
        var earlier = Prepare(["a", "b"], _options, []);
        File.Copy(Image("a"), Image("z"));
        File.Copy(Label("a"), Label("z"));
        Scan("b", 77);
        var later = Prepare(["b", "z"], _options, [earlier.Result]);
        Assert.Equal(["b"], later.Prepared);
        Assert.Equal(Bytes(Prepare(["b", "z"], _options, []).Result.Folder), Bytes(later.Result.Folder));
    }

    [Theory]
    [InlineData("train/0001-a/image.nii.gz", new[] { "a" })]
    [InlineData("train/0002-b/labels.nii.gz", new[] { "b" })]
    [InlineData("train/0003-c/subject.json", new[] { "c" })]
    [InlineData("subjects.json", new[] { "a", "b", "c", "d", "empty" })]
    public void What_is_damaged_in_an_earlier_result_is_prepared_again(string damaged, string[] expected)
    {
        var earlier = Prepare(_five, _options, []);
        var path = Path.Combine(earlier.Result.Folder, damaged);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var later = Prepare(_five, _options, [earlier.Result]);
        Assert.Equal(expected, later.Prepared.Order());
        Assert.Equal(Bytes(Prepare(_five, _options, []).Result.Folder), Bytes(later.Result.Folder));
    }

    [Fact]
    public void Of_several_earlier_results_the_whole_one_serves_and_a_vanished_one_does_not_disturb()
    {
        var (first, second) = (Prepare(_five, _options, []), Prepare(_five, _options, []));
        File.Delete(Path.Combine(second.Result.Folder, "train/0001-a/image.nii.gz"));
        var gone = new EarlierResult(_folder.File("gone"), second.Result.Hashes);
        Assert.Empty(Prepare(_five, _options, [gone, second.Result, first.Result]).Prepared);
        Assert.Equal(["a"], Prepare(_five, _options, [gone, second.Result]).Prepared);
    }

    [Fact]
    public void Every_option_of_a_preparation_counts()
    {
        var files = new SubjectFiles("a", Image("a"), Label("a"));
        var (image, labels) = (new SourceFile("a", "11"), new SourceFile("b", "22"));
        string Key(PreparationOptions options) => SubjectKey.Of(options, files, image, labels);
        PreparationOptions Of(params (int, string)[] classes) =>
            _options with { Classes = classes.ToDictionary(entry => entry.Item1, entry => entry.Item2) };
        var options = new Dictionary<string, PreparationOptions[]>
        {
            [nameof(PreparationOptions.Classes)] = [Of((1, "one")), Of((1, "one"), (3, "two")), Of((1, "one"), (2, "one"))],
            [nameof(PreparationOptions.EarlierClasses)] =
                [.. new string[][] { ["one"], ["two"], ["one", "two"] }.Select(names => _options with { EarlierClasses = names })],
            [nameof(PreparationOptions.IgnoredSourceLabel)] = [_options with { IgnoredSourceLabel = 9 }],
            [nameof(PreparationOptions.Orientation)] = [_options with { Orientation = null }, _options with { Orientation = Orientation.Ras }],
            [nameof(PreparationOptions.BodyCrop)] =
                [.. new[] { new BodyCrop(), new BodyCrop(-200), new BodyCrop(MarginMm: 3) }.Select(crop => _options with { BodyCrop = crop })],
            [nameof(PreparationOptions.Spacing)] = [_options with { Spacing = null }, _options with { Spacing = new Spacing(1.5, 1.5, 1.25) }],
            [nameof(PreparationOptions.InPlaneExtent)] =
                [.. new[] { (4, 4), (4, 5), (5, 4) }.Select(extent => _options with { InPlaneExtent = extent })],
            [nameof(PreparationOptions.RequiredClasses)] =
                [.. new string[][] { ["one"], ["two"], ["one", "two"], ["two", "one"] }
                    .Select(classes => _options with { RequiredClasses = classes })],
            [nameof(PreparationOptions.KeepEmpty)] = [_options with { KeepEmpty = true }],
        };
        var settable = typeof(PreparationOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
        Assert.Equal(settable.Order(), options.Keys.Order());
        string[] keys =
        [
            Key(_options), .. options.Values.SelectMany(changed => changed).Select(Key),
            SubjectKey.Of(_options, files, image with { Sha256 = "12" }, labels),
            SubjectKey.Of(_options, files, image, labels with { Sha256 = "21" }),
            SubjectKey.Of(_options, files, image with { Data = new SourceFile("a.img", "33") }, labels),
            SubjectKey.Of(_options, files with { LabelsUpsideDown = true }, image, labels),
            .. Boxes().Select(box => SubjectKey.Of(_options, files with { Crop = box }, image, labels)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        var renamed = files with { Id = "b", Patient = "p", Part = Part.Test, Domain = "d" };
        Assert.Equal(Key(_options), SubjectKey.Of(_options, renamed, image with { Name = "x" }, labels));
    }

    /// <summary>Boxes that differ from the first in one number each.</summary>
    private static IEnumerable<VoxelBox> Boxes()
    {
        int[] sides = [0, 0, 0, 4, 4, 4];
        VoxelBox Box() => new((sides[0], sides[1], sides[2]), (sides[3], sides[4], sides[5]));
        yield return Box();
        for (var i = 0; i < 6; i++)
        {
            sides[i]++;
            yield return Box();
            sides[i]--;
        }
        yield return Box() with { CountsWFromEnd = true };
    }

    private (EarlierResult Result, List<string> Prepared, List<string> Messages) Prepare(
        string[] ids, PreparationOptions options, EarlierResult[] earlier, DatasetUse? use = null)
    {
        var number = ++_runs;
        string New(string kind) => Directory.CreateDirectory(_folder.File($"{number}.{kind}")).FullName;
        var folders = new StageFolders(New("output"), New("work"));
        var (prepared, messages) = (new List<string>(), new List<string>());
        Preparation.Run(DatasetSource.Of([.. ids.Select(Files)]), options, use ?? DatasetUse.AllForTraining, folders, earlier, Note, default);
        return (new EarlierResult(folders.Output, Bytes(folders.Output)), prepared, messages);

        void Note(StageEvent told)
        {
            if (told is StageEvent.Progress progress) prepared.Add(progress.Note);
            if (told is StageEvent.Message message) messages.Add(message.Text);
        }
    }

    /// <summary>SHA-256 of every file by its path.</summary>
    private static SortedDictionary<string, string> Bytes(string folder) =>
        new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(folder, path).Replace('\\', '/'),
            path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))));

    private void Scan(string id, int seed)
    {
        var random = new RandomStream(seed, id);
        var extent = new Extent(8, 7, 6);
        float[] intensities = [.. Enumerable.Range(0, (int)extent.Count).Select(_ => (float)random.Integer(-1000, 1000))];
        NiftiWriter.Write(Image(id), new Volume(intensities, extent, _geometry), NiftiType.Int16);
        NiftiWriter.Write(Label(id), Volumes.Labels(extent, (h, w, d) => (h + w + d + seed) % 3, _geometry));
    }

    private SubjectFiles Files(string id) => new(id, Image(id), Label(id));

    private string Image(string id) => _folder.File($"{id}_image.nii.gz");

    private string Label(string id) => _folder.File($"{id}_label.nii.gz");
}
