using PUNet.Core.Common;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data;

/// <summary>Brings every subject of a dataset to the target geometry, once (method.md, section 5).</summary>
public static class Preparation
{
    /// <summary>Source image, its reoriented, cropped and resampled copies as far as they live together, and labels: bytes per source voxel.</summary>
    private const long BytesPerVoxel = 20;

    /// <summary>As the other, with a work folder inside the result's that is gone afterwards: what is interrupted begins anew.</summary>
    /// <inheritdoc cref="Run(DatasetSource, PreparationOptions, StageFolders, Action{StageEvent}, CancellationToken)"/>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects, PreparationOptions options, string folder, Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var work = Directory.CreateDirectory(Path.Combine(folder, ".work")).FullName;
        try
        {
            return Run(DatasetSource.Of(subjects), options, new StageFolders(folder, work), report, cancellation);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>
    /// Writes <c>images/ID.nii.gz</c> and <c>labels/ID.nii.gz</c> per subject and <c>subjects.json</c>. Works on as many subjects at a
    /// time as there are cores and half the memory allows. Finished subjects wait in the work folder, from which an interrupted
    /// preparation of the same files with the same options goes on. Intensities stay in the source's unit.
    /// </summary>
    /// <param name="source">Subjects, whose order is kept, and the files that may be opened.</param>
    /// <param name="options">What to do.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="report">Progress in subjects, and one message about what was left out and why.</param>
    /// <param name="cancellation">Stops between subjects.</param>
    /// <exception cref="ConfigurationException">The options have faults.</exception>
    /// <exception cref="ImageFileException">A file is missing, damaged or changed since it was listed; a label map is on another grid.</exception>
    /// <exception cref="DatasetException">No subject is left.</exception>
    public static PreparedDataset Run(
        DatasetSource source, PreparationOptions options, StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var (subjects, finished) = (source.Subjects, new FinishedSubjects(folders.Work));
        var outcomes = subjects.Select(subject => finished.Find(subject, source)).ToArray();
        var (gate, done) = (new object(), outcomes.Count(outcome => outcome is not null));
        if (done > 0) report(new StageEvent.Message($"{done} of {subjects.Count} subjects were prepared before"));
        var preparer = new SubjectPreparation(source, options, finished.Folder);
        var (memory, faults) = (MemoryBudget.OfThisMachine(), new List<ImageFileException>());
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, subjects.Count, parallel, (i, loop) =>
        {
            if (outcomes[i] is not null) return;
            try
            {
                var bytes = BytesPerVoxel * source.Open(subjects[i].ImagePath).Extent.Count;
                memory.Run(bytes, () => outcomes[i] = preparer.Run(subjects[i]), cancellation);
                finished.Keep(subjects[i].Id, outcomes[i]!);
            }
            catch (ImageFileException fault)
            {
                lock (gate) faults.Add(fault);
                loop.Stop();
                return;
            }
            lock (gate)
            {
                AtomicFile.WriteText(Path.Combine(folders.Work, "progress.txt"), $"{++done} of {subjects.Count} subjects");
                report(new StageEvent.Progress("subject", done, subjects.Count, subjects[i].Id));
            }
        });
        if (faults.Count > 0) throw faults[0];
        return Publish(options, outcomes!, finished, folders.Output, report);
    }

    private static PreparedDataset Publish(PreparationOptions options, PreparationOutcome[] outcomes, FinishedSubjects finished, string output, Action<StageEvent> report)
    {
        var file = new SubjectsFile(
            options.ClassNames,
            [.. outcomes.Select(outcome => outcome.Prepared).OfType<PreparedSubject>()],
            [.. outcomes.Select(outcome => outcome.LeftOut).OfType<LeftOutSubject>()]);
        foreach (var message in GridMessages.Of(outcomes)) report(new StageEvent.Message(message));
        if (file.LeftOut.Count > 0)
            report(new StageEvent.Message($"{file.LeftOut.Count} of {outcomes.Length} subjects are left out: {string.Join(" ", file.LeftOut.Select(subject => $"{subject.Id}: {subject.Reason}"))}"));
        if (file.Subjects.Count == 0)
            throw new DatasetException(output, $"No subject is left after preparation. {string.Join(" ", file.LeftOut.Take(3).Select(s => $"{s.Id}: {s.Reason}"))}");
        finished.MoveTo(output, file.Subjects.Select(subject => subject.Id));
        file.Write(output);
        return PreparedDataset.Open(output);
    }
}
