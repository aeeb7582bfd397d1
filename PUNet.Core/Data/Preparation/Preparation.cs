using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>Brings every subject of a dataset to the target geometry, once.</summary>
public static class Preparation
{
    /// <summary>Writes one image and one label map per subject and <c>subjects.json</c> to <paramref name="folder"/>.</summary>
    public static PreparedDataset Run(
        IReadOnlyList<SubjectFiles> subjects, PreparationOptions options, string folder, Action<StageEvent> report, CancellationToken cancellation) =>
        throw new NotImplementedException(folder);
}
