using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Batches;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Training.Optimisation;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// Looks at the embedding of a pre-trained network, which adaptations start from: its effective rank, and for each class of the dataset how
/// well a linear probe finds it. Probes are fitted on training subjects and scored on validation subjects; where there is none, on other
/// crops of training subjects. The embedding is that without any class's prompts, since a new class has none.
/// </summary>
internal sealed class EmbeddingProbe
{
    private const int MostCrops = 64;
    private const int MostSubjects = 16; // of a part that has to be read
    private const int MostVectors = 1 << 18;
    private readonly SegmentationNetwork _network;
    private readonly PreparedDataset _dataset;
    private readonly TrainingData _data;
    private readonly RandomStream _random;
    private readonly List<int> _classes;

    /// <param name="network">The pre-trained one.</param>
    /// <param name="dataset">Opened with its training and its validation part.</param>
    /// <param name="data">The training subjects.</param>
    /// <param name="random">Draws subjects and crops.</param>
    public EmbeddingProbe(SegmentationNetwork network, PreparedDataset dataset, TrainingData data, RandomStream random)
    {
        (_network, _dataset, _data, _random) = (network, dataset, data, random);
        _classes = [.. Enumerable.Range(1, dataset.Classes.Count)];
    }

    /// <summary>The figures.</summary>
    /// <param name="supervised">Labels of the base classes.</param>
    /// <exception cref="DivergenceException">The embedding is not finite.</exception>
    public EmbeddingFigures Figures(IReadOnlyList<int> supervised)
    {
        using var scope = NewDisposeScope();
        using var mode = new EvaluationMode(_network);
        var part = _dataset[Part.Validation].Count > 0 ? Part.Validation : Part.Train;
        var (fitting, scored) = (Crops(Part.Train, "fit"), Crops(part, "score"));
        var (features, labels) = Embed(fitting, Part.Train);
        var probes = LinearProbe.Fit(features, labels, _classes);
        features.Dispose();
        (features, labels) = Embed(scored, part);
        return new EmbeddingFigures
        {
            Part = part,
            FittingCrops = fitting.Count,
            ScoredCrops = scored.Count,
            Channels = (int)features.shape[1],
            EffectiveRank = EffectiveRank.Of(features),
            Classes = [.. _classes.Zip(probes, (label, probe) => new EmbeddingFigures.ProbedClass(
                _dataset.Classes[label - 1], supervised.Contains(label),
                100 * probe?.Dice(features, Array.ConvertAll(labels, found => found == label))))],
        };
    }

    private DiagnosticCrops Crops(Part part, string name)
    {
        var random = _random.Child(name);
        var subjects = part == Part.Train ? _dataset[part] : Some(_dataset[part], random);
        return new(subjects, _classes, MostCrops, _network.Configuration.StudentPatch, random);
    }

    /// <summary>Some subjects: of each class the first one that has it, in a random order, and further ones.</summary>
    private List<PreparedSubject> Some(IReadOnlyList<PreparedSubject> subjects, RandomStream random)
    {
        var order = random.Permutation(subjects.Count).Select(i => subjects[i]).ToList();
        var carriers = _classes.Select(label => order.Find(subject => subject.ClassVoxels[label] > 0)).OfType<PreparedSubject>()
            .DistinctBy(subject => subject.Id).ToList();
        return [.. carriers.Concat(order).DistinctBy(subject => subject.Id).Take(Math.Max(MostSubjects, carriers.Count))];
    }

    private ISubjectVoxels Load(Part part, string id) => part == Part.Train ? _data[id] : _dataset.LoadCompactly(id, _dataset.Normalisation);

    /// <summary>Embedding vectors [N, C], float64 on the CPU, and the label at each one's place; those without annotation are left out.</summary>
    private (Tensor Features, byte[] Labels) Embed(DiagnosticCrops crops, Part part)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var (parts, labels) = (new List<Tensor>(), new List<byte>());
        foreach (var batch in crops.Batches(id => Load(part, id)))
        {
            using var each = NewDisposeScope();
            var embedding = _network.forward(DiagnosticCrops.Images(batch), ActiveClasses.None(batch.Length), promptsInBlocks: false).Embedding;
            var size = new Extent((int)embedding.shape[2], (int)embedding.shape[3], (int)embedding.shape[4]);
            var step = Math.Max(1, size.Count * crops.Count / MostVectors);
            var kept = new List<long>();
            for (var crop = 0; crop < batch.Length; crop++)
                for (var i = 0L; i < size.Count; i += step)
                {
                    var label = LabelAt(batch[crop], size, i);
                    if (label == IgnoredLabel.Value) continue;
                    kept.Add(crop * size.Count + i);
                    labels.Add(label);
                }
            var vectors = embedding.permute(0, 2, 3, 4, 1).flatten(0, 3); // [B, C, h, w, d] → [B·h·w·d, C]
            var here = vectors.index_select(0, tensor(kept.ToArray(), device: vectors.device));
            parts.Add(here.to(ScalarType.Float64).cpu().MoveToOuterDisposeScope());
        }
        var all = cat(parts);
        if (!all.isfinite().all().item<bool>())
            throw new DivergenceException("The embedding of the trained network is not finite. Try smaller rates (body_rate, prompt_rate).");
        return (all.MoveToOuterDisposeScope(), [.. labels]);
    }

    /// <summary>The label of the voxel in the middle of an embedding position, which is the i-th in C-order.</summary>
    private static byte LabelAt(SubjectCrop crop, Extent size, long i)
    {
        var (h, w, d) = (Voxel(0, i / ((long)size.W * size.D)), Voxel(1, i / size.D % size.W), Voxel(2, i % size.D));
        return crop.Labels[(h * crop.Extent.W + w) * crop.Extent.D + d];

        long Voxel(int axis, long position) => (2 * position + 1) * crop.Extent[axis] / (2 * size[axis]);
    }
}
