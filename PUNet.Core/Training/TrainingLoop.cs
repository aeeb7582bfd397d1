using System.Diagnostics;
using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Common.Files;
using PUNet.Core.Training.Optimisation;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>
/// Epochs of steps with checkpoints: after every epoch, every two minutes inside one, and when it is cancelled. A training that
/// goes on from a checkpoint ends as if it had never stopped. A training whose numbers are no longer finite ends at once, and its
/// last checkpoint stays as it is.
/// </summary>
internal sealed class TrainingLoop(int epochs, int stepsPerEpoch, StageFolders folders, Action<StageEvent> report)
{
    private static readonly TimeSpan _checkpointInterval = TimeSpan.FromMinutes(2);

    /// <summary>Steps that the latest checkpoint holds.</summary>
    private long _kept;

    /// <summary>Runs to the end and writes <c>training.jsonl</c> (one line an epoch) to the output folder.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, after a checkpoint.</exception>
    /// <exception cref="DivergenceException">Its loss, a gradient or a weight is not finite.</exception>
    public void Run(ITrainingTask task, CancellationToken cancellation)
    {
        var progress = TrainingCheckpoint.Restore(folders.Work, task.State, report) ?? new TrainingProgress();
        (task.Optimiser.Steps, _kept) = (progress.OptimiserSteps, progress.Step);
        if (progress.Step == 0) File.Delete(ProgressFile); // of a checkpoint that is no longer there
        else report(new StageEvent.Message($"goes on from epoch {progress.Step / stepsPerEpoch + 1} of {epochs}"));
        task.Begin(progress.Step, (long)epochs * stepsPerEpoch);
        progress = Epochs(task, progress, cancellation);
        Confirm(task, progress);
        AtomicFile.WriteText(Path.Combine(folders.Output, "training.jsonl"), string.Concat(progress.Log.Select(line => line + "\n")));
    }

    private TrainingProgress Epochs(ITrainingTask task, TrainingProgress progress, CancellationToken cancellation)
    {
        var total = (long)epochs * stepsPerEpoch;
        var sinceCheckpoint = Stopwatch.StartNew();
        while (progress.Step < total)
        {
            var epoch = (int)(progress.Step / stepsPerEpoch);
            if (cancellation.IsCancellationRequested)
            {
                Keep(task, progress);
                cancellation.ThrowIfCancellationRequested();
            }
            progress = progress.Add(Step(task, progress.Step, cancellation), task.Optimiser.Steps);
            report(new StageEvent.Progress("step", progress.Step, total, Note(progress)));
            var closes = progress.Step % stepsPerEpoch == 0;
            if (closes) progress = Close(progress, epoch);
            if (progress.Step < total && (closes || sinceCheckpoint.Elapsed > _checkpointInterval))
            {
                Keep(task, progress);
                sinceCheckpoint.Restart();
            }
        }
        return progress;
    }

    private IReadOnlyDictionary<string, double> Step(ITrainingTask task, long step, CancellationToken cancellation)
    {
        try
        {
            return task.Step(step, cancellation);
        }
        catch (DivergenceException divergence)
        {
            throw Stopped(step, divergence.Message, divergence);
        }
    }

    private string ProgressFile => Path.Combine(folders.Work, "progress.txt");

    /// <summary>Writes a checkpoint of what is finite, then for plans how far it is.</summary>
    private void Keep(ITrainingTask task, TrainingProgress progress)
    {
        Confirm(task, progress);
        TrainingCheckpoint.Save(folders.Work, task.State, progress);
        _kept = progress.Step;
        var (epoch, steps) = (progress.Step / stepsPerEpoch + 1, (long)epochs * stepsPerEpoch);
        AtomicFile.WriteText(ProgressFile, $"from epoch {epoch} of {epochs} (step {progress.Step} of {steps})");
    }

    /// <summary>Finite gradients times an immense rate still give weights that are not finite, and statistics follow the data alone.</summary>
    private void Confirm(ITrainingTask task, TrainingProgress progress)
    {
        using var scope = NewDisposeScope();
        var names = task.State.Where(entry => entry.Value.is_floating_point() && !entry.Value.isfinite().all().item<bool>())
            .Select(entry => entry.Key).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0) return;
        var what = $"{names.Count} of its tensors, {names[0]} first, are not finite. Try smaller rates (body_rate, prompt_rate).";
        throw Stopped(Math.Max(0, progress.Step - 1), what);
    }

    private DivergenceException Stopped(long step, string what, Exception? inner = null) => new(
        $"The training stopped in step {step % stepsPerEpoch + 1} of epoch {step / stepsPerEpoch + 1} (of {epochs}): {what} "
        + (_kept == 0 ? "There is no checkpoint yet." : $"The checkpoint after step {_kept} of {(long)epochs * stepsPerEpoch} stays."), inner);

    private TrainingProgress Close(TrainingProgress progress, int epoch)
    {
        foreach (var (name, sum) in progress.Sums) report(new StageEvent.Metric(name, epoch + 1, sum / stepsPerEpoch));
        return progress.CloseEpoch(epoch + 1, stepsPerEpoch);
    }

    private string Note(TrainingProgress progress)
    {
        var steps = (progress.Step - 1) % stepsPerEpoch + 1;
        return string.Join(" ", progress.Sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key} {sum.Value / steps:G3}")));
    }
}
