using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Preparation;

/// <summary>Brings every subject of a dataset to the target geometry, once (method.md, section 5).</summary>
public static class Preparation
{
    /// <summary>
    /// Source image, its reoriented, cropped and resampled copies as far as they live together, and labels: bytes per source voxel.
    /// </summary>
    private const long BytesPerVoxel = 20;

    /// <summary>As the other, with a work folder inside the result's that is gone afterwards: what is interrupted begins anew.</summary>
    /// <exception cref="ConfigurationException">The options have faults, or the subjects cannot be split as asked.</exception>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects, PreparationOptions options, DatasetUse use, string folder,
        Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var work = Directory.CreateDirectory(Path.Combine(folder, ".work")).FullName;
        try
        {
            return Run(DatasetSource.Of(subjects), options, use, new StageFolders(folder, work), [], report, cancellation);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>
    /// Writes a prepared dataset: see <see cref="PreparedFiles"/>. Works on as many subjects at a time as there are cores and half the
    /// memory allows. Finished subjects wait in the work folder, from which an interrupted preparation goes on; and what an earlier
    /// result holds of the same files with the same options is copied, which gives the same bytes. Intensities stay in the source's unit.
    /// </summary>
    /// <param name="source">Subjects, whose order is kept, and the files that may be opened.</param>
    /// <param name="options">What to do.</param>
    /// <param name="use">Parts and normalisation.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="earlier">Results of the same code, to take subjects from.</param>
    /// <param name="report">Progress in subjects that are prepared, and one message about what was left out and why.</param>
    /// <param name="cancellation">Stops between subjects.</param>
    /// <exception cref="ConfigurationException">The options have faults, or the subjects cannot be split as asked.</exception>
    /// <exception cref="ImageFileException">
    /// A file is missing, damaged or changed since it was listed; a label map is on another grid.
    /// </exception>
    /// <exception cref="DatasetException">No subject is left.</exception>
    public static PreparedDataset Run(
        DatasetSource source, PreparationOptions options, DatasetUse use, StageFolders folders, IEnumerable<EarlierResult> earlier,
        Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var (subjects, finished) = (source.Subjects, new FinishedSubjects(folders.Work));
        var origins = subjects.Select(subject => Origin(source, subject, options)).ToArray();
        var outcomes = new PreparationOutcome?[subjects.Count];
        var before = new EarlierSubjects(earlier);
        InParallel(subjects.Count, cancellation, i =>
        {
            var (id, key) = (origins[i].Id, origins[i].Key);
            if ((outcomes[i] = finished.Find(id, key)) is not null) return;
            if ((outcomes[i] = before.Take(id, key, () => finished.Folder(id))) is { } taken) finished.Keep(id, taken);
        });
        var (gate, done) = (new object(), outcomes.Count(outcome => outcome is not null));
        if (done > 0) report(new StageEvent.Message($"{done} of {subjects.Count} subjects were prepared before"));
        var (preparer, memory) = (new SubjectPreparation(source, options), MemoryBudget.OfThisMachine());
        InParallel(subjects.Count, cancellation, i =>
        {
            if (outcomes[i] is not null) return;
            var (id, key) = (origins[i].Id, origins[i].Key);
            var wanted = BytesPerVoxel * source.Open(subjects[i].ImagePath).Extent.Count;
            memory.Run(wanted, () => outcomes[i] = preparer.Run(subjects[i], key, finished.Folder(id)), cancellation);
            finished.Keep(id, outcomes[i]!);
            lock (gate)
            {
                AtomicFile.WriteText(Path.Combine(folders.Work, "progress.txt"), $"{++done} of {subjects.Count} subjects");
                report(new StageEvent.Progress("subject", done, subjects.Count, id));
            }
        });
        Publish(options, use, origins, outcomes!, finished, folders.Output, report);
        return PreparedDataset.Open(folders.Output);
    }

    /// <summary>Does the work for every index; the first file that cannot be used ends it.</summary>
    private static void InParallel(int count, CancellationToken cancellation, Action<int> work)
    {
        var (gate, faults) = (new object(), new List<ImageFileException>());
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, count, parallel, (i, loop) =>
        {
            try
            {
                work(i);
            }
            catch (ImageFileException fault)
            {
                lock (gate) faults.Add(fault);
                loop.Stop();
            }
        });
        if (faults.Count > 0) throw faults[0];
    }

    private static SubjectOrigin Origin(DatasetSource source, SubjectFiles subject, PreparationOptions options)
    {
        var (image, labels) = (source.Origin(subject.ImagePath), source.Origin(subject.LabelPath));
        var key = SubjectKey.Of(options, subject, image, labels);
        return new SubjectOrigin(subject.Id, subject.Part, subject.Patient ?? subject.Id, subject.Domain, image, labels, key);
    }

    private static void Publish(
        PreparationOptions options, DatasetUse use, SubjectOrigin[] origins, PreparationOutcome[] outcomes,
        FinishedSubjects finished, string output, Action<StageEvent> report)
    {
        var taken = outcomes.Select(outcome => outcome.Prepared).OfType<PreparedSubject>().ToDictionary(subject => subject.Id);
        var file = new SubjectsFile(
            [.. origins.Zip(outcomes, (origin, outcome) => origin with { Disagreement = outcome.Disagreement, IsTurned = outcome.IsTurned })
                .Where(origin => taken.ContainsKey(origin.Id))],
            [.. origins.Zip(outcomes, (origin, outcome) => outcome.LeftOut is { } reason ? new LeftOutSubject(origin.Id, reason, origin.Key) : null)
                .OfType<LeftOutSubject>()]);
        foreach (var message in GridMessages.Of(file.Subjects, outcomes.Length)) report(new StageEvent.Message(message));
        if (file.LeftOut.Count > 0)
            report(new StageEvent.Message(
                $"{file.LeftOut.Count} of {outcomes.Length} subjects are left out: "
                    + $"{string.Join(" ", file.LeftOut.Select(subject => $"{subject.Id}: {subject.Reason}"))}"));
        if (taken.Count == 0)
            throw new DatasetException(
                output,
                $"No subject is left after preparation. {string.Join(" ", file.LeftOut.Take(3).Select(s => $"{s.Id}: {s.Reason}"))}");
        var split = use.Split(file.Subjects);
        foreach (var part in Enum.GetValues<Part>())
            for (var i = 0; i < split[part].Count; i++)
                finished.MoveTo(Path.Combine(output, PreparedFiles.FolderOf(part, i + 1, split[part][i])), taken[split[part][i]]);
        new DatasetCard
        {
            Classes = options.ClassNames,
            Labels = options.ClassLabels,
            Grid = options.Grid,
            Normalisation = use.Normalisation,
        }.Write(output);
        file.Write(output);
        finished.Delete();
    }
}
