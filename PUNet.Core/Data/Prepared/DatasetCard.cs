using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;

namespace PUNet.Core.Data.Prepared;

/// <summary>What is common to all subjects of a prepared dataset: <c>dataset.json</c>.</summary>
public sealed record DatasetCard
{
    /// <summary>Foreground class names; the class of name i has the label i + 1.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The source label of each class; of several merged ones the smallest.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>How scans came onto the grid of the dataset.</summary>
    public required GridOptions Grid { get; init; }

    /// <summary>How intensities become the network's input.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The source label of a prepared label; 0 of any that is no class.</summary>
    public ushort LabelOf(byte label) => label >= 1 && label <= Labels.Count ? (ushort)Labels[label - 1] : (ushort)0;

    /// <summary>Writes <c>dataset.json</c>.</summary>
    public void Write(string folder) => JsonFile.Write(Path.Combine(folder, PreparedFiles.Card), this);

    /// <summary>Reads <c>dataset.json</c>.</summary>
    /// <exception cref="DatasetException">It is missing or not what preparation writes.</exception>
    public static DatasetCard Read(string folder)
    {
        var path = Path.Combine(folder, PreparedFiles.Card);
        return JsonFile.Read<DatasetCard>(path, (problem, _) => File.Exists(path)
            ? new DatasetException(path, $"is not what preparation writes: {problem} Prepare the dataset again.")
            : new DatasetException(folder, $"is no prepared dataset: it has no {PreparedFiles.Card}. Prepare the dataset again."));
    }
}
