using System.Globalization;
using PUNet.Core.Common;

namespace PUNet.Core.Data.Batches;

/// <summary>
/// Composes batches: volumes drawn with replacement, crops of each, active classes of each crop (method.md, section 4).
/// A batch depends on the stream and its index alone. Thread-safe if loading is.
/// </summary>
public sealed class BatchSampler
{
    private readonly IReadOnlyList<string> _subjects;
    private readonly Func<string, ISubjectVoxels> _load;
    private readonly ViewSampler _views;
    private readonly BatchOptions _options;
    private readonly RandomStream _random;

    /// <param name="subjects">Names of the subjects to draw from, in a fixed order.</param>
    /// <param name="load">Gives a subject; called again for every draw, so it should remember what it read.</param>
    /// <param name="views">Cuts and augments.</param>
    /// <param name="options">What a batch is made of.</param>
    /// <param name="random">The parent of every batch's own stream.</param>
    /// <exception cref="ConfigurationException">The options have faults, or there is no subject.</exception>
    public BatchSampler(
        IReadOnlyList<string> subjects, Func<string, ISubjectVoxels> load, ViewSampler views, BatchOptions options, RandomStream random)
    {
        ConfigurationException.ThrowIfAny(
            options.Faults().Concat(subjects.Count > 0 ? [] : ["there must be at least one subject to draw crops from."]));
        (_subjects, _load, _views, _options, _random) = (subjects, load, views, options, random);
    }

    /// <summary>A batch of pre-training.</summary>
    /// <exception cref="SubjectException">A subject could not be loaded or cut.</exception>
    public TrainingBatch Training(long index)
    {
        var (crops, active, frames) = Compose(index, _views.Draw);
        var students = Enumerable.Range(0, crops[0].Students.Count).Select(s => ViewBatch.Stack([.. crops.Select(crop => crop.Students[s])]));
        return new(ViewBatch.Stack([.. crops.Select(crop => crop.Teacher)]), [.. students], active, frames);
    }

    /// <summary>A batch of a downstream adaptation: one view per crop.</summary>
    /// <exception cref="SubjectException">A subject could not be loaded or cut.</exception>
    public SupervisedBatch Supervised(long index)
    {
        var (views, active, frames) = Compose(index, _views.DrawSingle);
        return new(ViewBatch.Stack(views), active, frames);
    }

    private (List<TCrop> Crops, ActiveClasses Active, List<string> Frames) Compose<TCrop>(
        long index, Func<ISubjectVoxels, IReadOnlyList<int>, RandomStream, TCrop> draw)
    {
        var random = _random.Child(index.ToString(CultureInfo.InvariantCulture));
        var activeCount = random.Integer(_options.FewestActive, _options.MostActive + 1);
        var (crops, active, frames) = (new List<TCrop>(), new List<int[]>(), new List<string>());
        while (crops.Count < _options.BatchSize)
        {
            var id = _subjects[random.Integer(0, _subjects.Count)];
            try
            {
                var subject = _load(id);
                for (var i = 0; i < _options.CropsPerVolume; i++)
                {
                    active.Add(DrawActive(activeCount, random));
                    frames.Add(id);
                    crops.Add(draw(subject, active[^1], random));
                }
            }
            catch (Exception failure)
            {
                throw new SubjectException(id, failure);
            }
        }
        return (crops, new ActiveClasses(active), frames);
    }

    private int[] DrawActive(int count, RandomStream random) =>
        [.. random.Permutation(_options.Classes.Count).Take(count).Select(i => _options.Classes[i]).Order()];
}
