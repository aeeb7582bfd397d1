using PUNet.Core.Data.Layouts;

namespace PUNet.Core.Data.Phantoms;

/// <summary>What the phantoms' generator writes: images/ID.nii.gz with labels/ID.nii.gz.</summary>
public sealed record PhantomFolder : DatasetLayout
{
    private static readonly PairedFolders _files = new();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<int, string> Classes { get; } =
        PhantomGenerator.Classes.Select((name, i) => (name, i)).ToDictionary(entry => entry.i + 1, entry => entry.name);

    /// <inheritdoc/>
    protected internal override string Rule => _files.Rule;

    /// <inheritdoc/>
    public override bool? InHounsfieldUnits(string folder) => true;

    /// <inheritdoc/>
    private protected override DatasetInventory Find(DatasetFolder folder) => _files.Inventory(folder);
}
