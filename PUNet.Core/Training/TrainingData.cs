using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging;
using PUNet.Core.Losses;

namespace PUNet.Core.Training;

/// <summary>The training subjects of a prepared dataset, in memory, and what their labels say about the classes.</summary>
internal sealed class TrainingData
{
    private readonly Dictionary<string, ISubjectVoxels> _loaded;

    private TrainingData(IReadOnlyList<string> subjects, Dictionary<string, ISubjectVoxels> loaded, IReadOnlyList<IReadOnlyList<long>> voxels) =>
        (Subjects, _loaded, Voxels) = (subjects, loaded, voxels);

    /// <summary>Ids in the order of the split.</summary>
    public IReadOnlyList<string> Subjects { get; }

    private IReadOnlyList<IReadOnlyList<long>> Voxels { get; }

    /// <summary>Reads the training part.</summary>
    /// <param name="dataset">A prepared dataset, opened with its training part.</param>
    /// <param name="normalisation">Of the images.</param>
    /// <param name="learned">Labels of the classes that are to be learned.</param>
    /// <param name="count">Only so many subjects, drawn (<see cref="AnnotatedSubjects"/>); null: all.</param>
    /// <param name="seed">Of the draw.</param>
    /// <exception cref="ConfigurationException">There are fewer subjects than asked for, or none has a class that is to be learned.</exception>
    public static TrainingData Load(
        PreparedDataset dataset, Normalisation normalisation, IReadOnlyList<int> learned, int? count = null, long seed = 0)
    {
        var part = dataset[Part.Train];
        if (count > part.Count)
            throw new ConfigurationException([
                $"subjects asks for {count} annotated subjects, the training part of the dataset has {part.Count}. "
                    + "Ask for fewer, or leave it out.",
            ]);
        var subjects = AnnotatedSubjects.Draw(part, learned, count, seed);
        if (subjects.Count == 0) throw new ConfigurationException(["The training part of the dataset is empty. Give it subjects in the split."]);
        ConfigurationException.ThrowIfAny(AbsentClass.Of(subjects, dataset.Classes, learned).Select(absent => absent.ToString(Part.Train)));
        var loaded = subjects.AsParallel().WithDegreeOfParallelism(Environment.ProcessorCount)
            .Select(subject => dataset.LoadCompactly(subject.Id, normalisation)).ToDictionary(subject => subject.Id);
        return new([.. subjects.Select(subject => subject.Id)], loaded, [.. subjects.Select(subject => subject.ClassVoxels)]);
    }

    /// <summary>One subject.</summary>
    public ISubjectVoxels this[string id] => _loaded[id];

    /// <summary>Each class's own part of α: as it is given, or from how rare the class is; nothing where the factor is 0.</summary>
    public IReadOnlyList<double> Additive(FocalLossOptions focal) => focal switch
    {
        { ClassWeights: { } given } => [0, .. given],
        { RatioFactor: 0 } => [],
        _ => ClassBalance.Additive(Voxels, focal.RatioFactor),
    };
}
