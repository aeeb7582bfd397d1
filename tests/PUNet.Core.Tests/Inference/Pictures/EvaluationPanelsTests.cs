using PUNet.Core.Inference.Pictures;

namespace PUNet.Core.Tests.Inference.Pictures;

public sealed class EvaluationPanelsTests
{
    [Fact]
    public void Pictures_of_different_classes_are_different_files_within_the_folder()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["lesion+", "lesion-", "a/b", "../../x", new('n', 400), ""];
        var files = names.Select((name, i) => Path.GetFullPath(EvaluationPanels.Image(folder.Path, i + 1, name))).ToList();
        Assert.Equal(names.Length, files.Distinct().Count());
        Assert.All(files, file => Assert.Equal(folder.File("panels"), Path.GetDirectoryName(file)));
        Assert.All(files, file => Assert.InRange(Path.GetFileName(file).Length, 1, 100));
    }
}
