namespace PUNet.Core.Common.Settings;

/// <summary>Rules of class names that a setting lists.</summary>
public static class ClassList
{
    /// <summary>Names that are no class of the dataset, and names that stand twice.</summary>
    /// <param name="setting">The setting that lists them.</param>
    /// <param name="names">What it lists.</param>
    /// <param name="known">The dataset's classes.</param>
    public static IEnumerable<Fault> Faults(string setting, IReadOnlyList<string> names, IReadOnlyList<string> known)
    {
        var given = string.Join(", ", names);
        foreach (var name in names.Where(name => !known.Contains(name)))
            yield return new Fault(
                setting, $"unknown class \"{name}\"", "a class must be one of the dataset's", given, NearestName.Remedy(name, known));
        foreach (var group in names.GroupBy(name => name).Where(group => group.Count() > 1))
            yield return new Fault(
                setting, $"class \"{group.Key}\" stands {group.Count()} times in the list", "each class stands once", given, "remove the repetition");
    }
}
