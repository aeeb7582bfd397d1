using Xunit.Abstractions;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>
/// Checks every case below the folder that PUNET_FIXTURES names (default: the project's copy). With PUNET_FIXTURE_REPORT
/// naming a file, appends each case's largest deviation to it as a line of JSON.
/// </summary>
public sealed class FixtureTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, IFixtureKind> _kinds = typeof(FixtureTests).Assembly.GetTypes()
        .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IFixtureKind)))
        .Select(type => (IFixtureKind)Activator.CreateInstance(type)!)
        .ToDictionary(kind => kind.Kind);

    private static string Root => Environment.GetEnvironmentVariable("PUNET_FIXTURES") is { Length: > 0 } folder
        ? folder
        : RepositoryFolders.Fixtures;

    public static TheoryData<string> Cases()
    {
        var cases = new TheoryData<string>();
        foreach (var path in Directory.EnumerateFiles(Root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            cases.Add(Path.GetRelativePath(Root, path));
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fixture_agrees(string relativePath)
    {
        var fixture = new FixtureCase(Path.Combine(Root, relativePath));
        Assert.True(_kinds.TryGetValue(fixture.Kind, out var kind), $"{relativePath} is of the unknown kind '{fixture.Kind}'.");
        using var scope = TorchSharp.torch.NewDisposeScope();
        kind.Check(fixture);
        var line = System.Text.Json.JsonSerializer.Serialize(
            new { fixture = relativePath, largest = fixture.Largest.Ratio, where = fixture.Largest.Where, compared = fixture.Compared });
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("PUNET_FIXTURE_REPORT") is { Length: > 0 } report)
            lock (_kinds) File.AppendAllText(report, line + "\n");
        fixture.Conclude();
    }
}
