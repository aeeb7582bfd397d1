using System.Text.RegularExpressions;

namespace PUNet.Core.Tests;

public sealed partial class FloorTests
{
    /// <summary>Floor of each folder of PUNet.Core; a folder imports lower floors and itself.</summary>
    private static readonly Dictionary<string, int> _floors = new()
    {
        ["Common"] = 0,
        ["Imaging"] = 1,
        ["Blocks"] = 1,
        ["Losses"] = 1,
        ["Metrics"] = 1,
        ["Data"] = 2,
        ["Models"] = 2,
        ["Training"] = 3,
        ["Inference"] = 3,
        ["Addition"] = 4,
    };

    [Fact]
    public void A_folder_of_the_core_imports_only_lower_floors()
    {
        var core = Path.Combine(RepositoryFolders.Root, "PUNet.Core");
        var upward = new List<string>();
        foreach (var (folder, floor) in _floors)
            foreach (var file in Directory.EnumerateFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories))
                foreach (Match match in Import().Matches(File.ReadAllText(file)))
                    if (match.Groups[1].Value is var imported && imported != folder && _floors[imported] >= floor)
                        upward.Add($"{Path.GetRelativePath(core, file)} imports {imported}");
        Assert.True(upward.Count == 0, string.Join(Environment.NewLine, upward));
    }

    [Fact]
    public void Every_folder_of_the_core_has_a_floor() =>
        Assert.Equal(
            _floors.Keys.Order(),
            Directory.EnumerateDirectories(Path.Combine(RepositoryFolders.Root, "PUNet.Core")).Select(Path.GetFileName).Except(["bin", "obj"])
                .Order());

    [GeneratedRegex(@"\bPUNet\.Core\.(Common|Imaging|Blocks|Losses|Metrics|Data|Models|Training|Inference|Addition)\b(?<!^namespace.*)",
        RegexOptions.Multiline)]
    private static partial Regex Import();
}
