using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>Brings every subject of a dataset to the target geometry, once (method.md, section 5).</summary>
public static class Preparation
{
    /// <summary>
    /// Writes <c>images/ID.nii.gz</c> and <c>labels/ID.nii.gz</c> per subject and <c>subjects.json</c>. Works on as many subjects at a
    /// time as there are cores. Intensities stay in the source's unit.
    /// </summary>
    /// <param name="subjects">Source files; their order is kept.</param>
    /// <param name="options">What to do.</param>
    /// <param name="folder">Made if missing.</param>
    /// <param name="report">Progress in subjects, and one message per subject left out.</param>
    /// <param name="cancellation">Stops between subjects.</param>
    /// <exception cref="ConfigurationException">The options have faults.</exception>
    /// <exception cref="ImageFileException">A file is missing or damaged, or a label map does not lie on its image's grid.</exception>
    /// <exception cref="DatasetException">No subject is left.</exception>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects, PreparationOptions options, string folder, Action<StageEvent> report, CancellationToken cancellation)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        Directory.CreateDirectory(Path.Combine(folder, PreparedDataset.ImageFolder));
        Directory.CreateDirectory(Path.Combine(folder, PreparedDataset.LabelFolder));
        var preparer = new SubjectPreparation(options, folder);
        var outcomes = new (PreparedSubject? Prepared, LeftOutSubject? LeftOut, ImageFileException? Fault)[subjects.Count];
        var (gate, done) = (new object(), 0);
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, subjects.Count, parallel, (i, loop) =>
        {
            try
            {
                (outcomes[i].Prepared, outcomes[i].LeftOut) = preparer.Run(subjects[i]);
            }
            catch (ImageFileException fault)
            {
                outcomes[i].Fault = fault;
                loop.Stop();
                return;
            }
            lock (gate)
            {
                report(new StageEvent.Progress("subject", ++done, subjects.Count, subjects[i].Id));
                if (outcomes[i].LeftOut is { } leftOut) report(new StageEvent.Message($"{leftOut.Id} is left out: {leftOut.Reason}"));
            }
        });
        if (outcomes.FirstOrDefault(outcome => outcome.Fault is not null).Fault is { } first) throw first;
        var file = new SubjectsFile(
            options.ClassNames,
            [.. outcomes.Select(outcome => outcome.Prepared).OfType<PreparedSubject>()],
            [.. outcomes.Select(outcome => outcome.LeftOut).OfType<LeftOutSubject>()]);
        if (file.Subjects.Count == 0)
            throw new DatasetException(folder, $"No subject is left after preparation. {string.Join(" ", file.LeftOut.Take(3).Select(s => $"{s.Id}: {s.Reason}"))}");
        file.Write(folder);
        return PreparedDataset.Open(folder);
    }
}
