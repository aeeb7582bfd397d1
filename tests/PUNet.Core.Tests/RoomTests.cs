using System.Reflection;
using System.Text.RegularExpressions;
using PUNet.Core.Losses;

namespace PUNet.Core.Tests;

public sealed class RoomTests
{
    private const int MostFiles = 15;
    private const int MostCharacters = 150;

    private static IEnumerable<string> Sources =>
        from project in new[] { "PUNet.Core", "PUNet.Dsl", "PUNet.Cli", "tests", "benchmarks", "experiments" }
        from file in Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Root, project), "*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".fs" or ".fsx"
        let name = Path.GetRelativePath(RepositoryFolders.Root, file)
        where !name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        select name;

    [Fact]
    public void No_folder_holds_more_source_files_than_a_reader_takes_in_at_a_glance()
    {
        var full = Sources.GroupBy(Path.GetDirectoryName).Where(folder => folder.Count() > MostFiles)
            .Select(folder => $"{folder.Key}: {folder.Count()}");
        Assert.Empty(full);
    }

    [Fact]
    public void No_line_of_source_is_too_long_to_read_at_once()
    {
        var overlong = from name in Sources
                       from line in File.ReadLines(Path.Combine(RepositoryFolders.Root, name)).Index()
                       let characters = line.Item.EnumerateRunes().Count()
                       where characters > MostCharacters
                       select $"{name}:{line.Index + 1}: {characters}";
        Assert.Empty(overlong);
    }

    [Fact]
    public void Namespaces_of_the_core_and_its_tests_follow_their_folders()
    {
        var differing = from name in Sources
                        where name.EndsWith(".cs", StringComparison.Ordinal)
                        let match = Regex.Match(
                            File.ReadAllText(Path.Combine(RepositoryFolders.Root, name)), @"^namespace ([\w.]+);", RegexOptions.Multiline)
                        let folder = Path.GetDirectoryName(name)!.Replace(Path.DirectorySeparatorChar, '.')
                        where match.Success && !$".{folder}".EndsWith($".{match.Groups[1].Value}", StringComparison.Ordinal)
                        select $"{name}: {match.Groups[1].Value}";
        Assert.Empty(differing);
    }

    [Fact]
    public void Modules_and_losses_compute_in_forward_written_as_torch_writes_it()
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var methods = typeof(FocalLoss).Assembly.GetTypes().SelectMany(type => type.GetMethods(All)).ToList();
        Assert.Contains(methods, method => method.Name == "forward" && method.DeclaringType == typeof(FocalLoss));
        Assert.DoesNotContain(methods, method => method.Name == "Forward");
    }
}
