using PUNet.Core.Data.Prepared;
using PUNet.Core.Data.Splits;
using PUNet.Core.Imaging;

namespace PUNet.Core.Data.Preparation;

/// <summary>How prepared subjects are going to be used; their volumes do not depend on it.</summary>
/// <param name="Normalisation">How intensities become the network's input.</param>
/// <param name="Split">Which subjects train, validate and test.</param>
public sealed record DatasetUse(Normalisation Normalisation, Func<IReadOnlyList<SubjectOrigin>, DatasetSplit> Split)
{
    /// <summary>The paper's window, and every subject for training.</summary>
    public static DatasetUse AllForTraining { get; } =
        new(Normalisation.Paper, subjects => new DatasetSplit([.. subjects.Select(subject => subject.Id)], [], []));
}
