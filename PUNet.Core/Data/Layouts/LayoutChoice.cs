namespace PUNet.Core.Data.Layouts;

/// <summary>Finds the layout of a folder by what lies in it, or by the name a person gives it.</summary>
public static class LayoutChoice
{
    private static readonly IReadOnlyList<DatasetLayout> _known =
        [.. typeof(DatasetLayout).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(DatasetLayout)) && !type.IsAbstract)
            .Select(type => (DatasetLayout)Activator.CreateInstance(type)!).Where(layout => layout.Name.Length > 0)
            .OrderBy(layout => layout.Name, StringComparer.Ordinal)];

    /// <summary>Names of all layouts.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _known.Select(layout => layout.Name)];

    /// <summary>The layout of a name, as it is by default; null where no layout has it.</summary>
    public static DatasetLayout? Named(string name) => _known.FirstOrDefault(layout => layout.Name == name);

    /// <summary>The layouts that a folder looks like; one where it is clear.</summary>
    public static IReadOnlyList<(string Name, DatasetLayout Layout)> Guess(string folder) =>
        [.. _known.SelectMany(layout => layout.Recognise(folder)).Select(layout => (layout.Name, layout))];
}
