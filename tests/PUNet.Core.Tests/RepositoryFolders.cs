namespace PUNet.Core.Tests;

/// <summary>Folders of the checkout the tests run in.</summary>
public static class RepositoryFolders
{
    /// <summary>The folder that holds PUNet.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static string Fixtures => Path.Combine(Root, "tests", "fixtures");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "PUNet.sln"))) return folder;
        throw new InvalidOperationException("The tests run outside a checkout: no PUNet.sln above " + AppContext.BaseDirectory);
    }
}
