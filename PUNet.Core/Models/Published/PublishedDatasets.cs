namespace PUNet.Core.Models.Published;

/// <summary>Class names of the published datasets, in the order of their labels (method.md, section 5).</summary>
internal static class PublishedDatasets
{
    private static readonly Dictionary<string, IReadOnlyList<string>> _classes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ctorg"] = ["liver", "bladder", "lungs", "kidneys", "bone"],
        ["tcia_btcv"] = ["spleen", "left kidney", "gallbladder", "esophagus", "liver", "stomach", "pancreas", "duodenum"],
    };

    /// <summary>Foreground classes of a dataset by the name it has in hyper-parameters; null for an unknown one.</summary>
    public static IReadOnlyList<string>? Classes(string dataset) => _classes.GetValueOrDefault(dataset);
}
