using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Preparation;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;
using PUNet.Core.Tests.Imaging;

namespace PUNet.Core.Tests.Data;

public sealed class ResumedPreparationTests : IDisposable
{
    private const int Subjects = 6;
    private static readonly PreparationOptions _options =
        new() { Classes = new Dictionary<int, string> { [1] = "one" }, Spacing = new Spacing(1.5, 1.5, 1.5) };
    private readonly TemporaryFolder _folder = new();
    private readonly List<SubjectFiles> _files = [];

    public ResumedPreparationTests()
    {
        for (var i = 0; i < Subjects; i++)
        {
            _files.Add(new SubjectFiles($"s{i}", _folder.File($"image{i}.nii.gz"), _folder.File($"label{i}.nii.gz")));
            var volume = Volumes.Counting(new(7 + i, 6, 5));
            NiftiWriter.Write(_files[i].ImagePath, volume, NiftiType.Int16);
            NiftiWriter.Write(_files[i].LabelPath, Volumes.Labels(volume.Extent, (h, _, _) => i == 2 ? 0 : h % 2)); // s2 is left out
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_finished_before_a_cancellation_is_not_done_again_and_the_result_is_the_same()
    {
        Prepare("whole", "work0");
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Prepare("first", "work", e => { if (e is StageEvent.Progress { Done: 3 }) cancellation.Cancel(); }, cancellation.Token));
        Assert.False(File.Exists(_folder.File("first/subjects.json")));
        var records = Directory.GetFiles(_folder.File("work/records"));
        Assert.InRange(records.Length, 3, Subjects - 1);
        Assert.EndsWith($"of {Subjects} subjects", File.ReadAllText(_folder.File("work/progress.txt")));

        var (fresh, messages) = (new List<string>(), new List<string>());
        Prepare("second", "work", e => Sort(e, fresh, messages));
        Assert.Equal(Subjects - records.Length, fresh.Count);
        Assert.DoesNotContain(fresh, id => records.Any(record => Path.GetFileNameWithoutExtension(record) == id));
        Assert.Equal($"{records.Length} of {Subjects} subjects were prepared before", messages[0]);
        Assert.Equal("1 of 6 subjects are left out: s2: it has no voxel of any class.", messages[1]);
        MustBeEqual("whole", "second");
        Assert.False(Directory.Exists(_folder.File("work/subjects")));
    }

    [Fact]
    public void A_leftover_that_is_damaged_or_half_written_is_done_again()
    {
        Prepare("whole", "work0");
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(
            () => Prepare("first", "work", e => { if (e is StageEvent.Progress { Done: 5 }) cancellation.Cancel(); }, cancellation.Token));
        var kept = Directory.GetFiles(_folder.File("work/records")).Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(id => id != "s2").Order().Take(3).ToList();
        var image = _folder.File($"work/subjects/{kept[0]}/image.nii.gz");
        var bytes = File.ReadAllBytes(image);
        bytes[^20] ^= 1;
        File.WriteAllBytes(image, bytes);
        File.Delete(_folder.File($"work/subjects/{kept[1]}/labels.nii.gz"));
        var record = _folder.File($"work/records/{kept[2]}.json");
        File.WriteAllText(record, File.ReadAllText(record)[..40]);

        var fresh = new List<string>();
        Prepare("second", "work", e => Sort(e, fresh, []));
        Assert.Superset(kept.ToHashSet(), fresh.ToHashSet());
        MustBeEqual("whole", "second");
    }

    [Fact]
    public void A_subject_that_cannot_be_read_ends_the_preparation_and_the_finished_ones_stay()
    {
        File.WriteAllBytes(_files[5].ImagePath, [1, 2, 3]);
        Assert.Contains("image5.nii.gz", Assert.Throws<ImageFileException>(() => Prepare("out", "work")).Message);
        NiftiWriter.Write(_files[5].ImagePath, Volumes.Counting(new(12, 6, 5)), NiftiType.Int16);
        Assert.Equal(Subjects - 1, Prepare("out", "work").Subjects.Count);
    }

    [Fact]
    public void A_file_that_is_no_longer_what_was_listed_ends_the_preparation_and_what_was_made_of_it_is_not_taken_up_again()
    {
        var (listed, bytes) = (DatasetSource.Of(_files), File.ReadAllBytes(_files[3].LabelPath));
        NiftiWriter.Write(_files[3].LabelPath, Volumes.Labels(new(10, 6, 5), (_, _, _) => 1));
        Assert.Contains("label3.nii.gz: was changed while", Assert.Throws<ImageFileException>(() => Prepare("out", "work", source: listed)).Message);
        Prepare("other", "work2", source: DatasetSource.Of(_files)); // as it is now
        using var cancellation = new CancellationTokenSource();
        void StopBeforeTheLast(StageEvent told)
        {
            if (told is StageEvent.Progress { Done: Subjects - 1 }) cancellation.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() => Prepare("third", "work3", StopBeforeTheLast, cancellation.Token));
        File.WriteAllBytes(_files[3].LabelPath, bytes);
        var fresh = new List<string>();
        Prepare("third", "work3", e => Sort(e, fresh, []));
        Assert.Contains("s3", fresh);
        Prepare("whole", "work0");
        MustBeEqual("whole", "third");
    }

    [Fact]
    public void Memory_is_lent_only_as_far_as_it_goes_and_to_the_largest_alone()
    {
        var budget = new MemoryBudget(10);
        var (gate, now, most) = (new object(), 0L, 0L);
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => budget.Run(i % 4 + 2, () =>
        {
            lock (gate) most = Math.Max(most, now += i % 4 + 2);
            Thread.Yield();
            lock (gate) now -= i % 4 + 2;
        }, default));
        Assert.InRange(most, 5, 10);
        var ran = false;
        budget.Run(1000, () => ran = true, default);
        Assert.True(ran);
        using var cancelled = new CancellationTokenSource();
        budget.Run(8, () =>
        {
            cancelled.Cancel();
            Assert.Throws<OperationCanceledException>(() => budget.Run(8, () => { }, cancelled.Token));
        }, default);
    }

    private PreparedDataset Prepare(
        string output, string work, Action<StageEvent>? report = null, CancellationToken cancellation = default, DatasetSource? source = null)
    {
        foreach (var name in new[] { output, work }) Directory.CreateDirectory(_folder.File(name));
        var folders = new StageFolders(_folder.File(output), _folder.File(work));
        return Preparation.Run(
            source ?? DatasetSource.Of(_files), _options, DatasetUse.AllForTraining, folders, [], report ?? (_ => { }), cancellation);
    }

    private static void Sort(StageEvent told, List<string> subjects, List<string> messages)
    {
        if (told is StageEvent.Progress progress) subjects.Add(progress.Note);
        if (told is StageEvent.Message message) messages.Add(message.Text);
    }

    private void MustBeEqual(string expected, string actual)
    {
        var files = Directory.GetFiles(_folder.File(expected), "*", SearchOption.AllDirectories);
        Assert.Equal(3 * (Subjects - 1) + 2, files.Length);
        Assert.Equal(files.Length, Directory.GetFiles(_folder.File(actual), "*", SearchOption.AllDirectories).Length);
        foreach (var file in files)
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(file.Replace(_folder.File(expected), _folder.File(actual))));
    }
}
