using System.Text.RegularExpressions;
using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Blocks;

public sealed partial class BatchNormalisationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_module_computes_the_same_bits_and_keeps_the_same_statistics(bool training)
    {
        using var scope = NewDisposeScope();
        using var generator = new RandomStream(1, "normalisation").TorchGenerator();
        using var ours = nn.BatchNorm3d(4);
        using var theirs = nn.BatchNorm3d(4);
        ours.train(training);
        theirs.train(training);
        for (var step = 0; step < 3; step++)
        {
            var map = rand([2, 4, 5, 6, 3], generator: generator).mul(TensorArithmetic.Real(7));
            Assert.True(theirs.forward(map).Equals(ours.Normalise(map)), $"step {step}");
        }
        var state = ours.state_dict();
        Assert.Equal(["bias", "num_batches_tracked", "running_mean", "running_var", "weight"], state.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in theirs.state_dict()) Assert.True(value.Equals(state[name]), name);
        Assert.Equal(training ? 3 : 0, state["num_batches_tracked"].item<long>());
    }

    [Fact]
    public void No_network_leaves_the_counting_to_the_module()
    {
        var calls =
            from file in Directory.EnumerateFiles(Path.Combine(RepositoryFolders.Root, "PUNet.Core"), "*.cs", SearchOption.AllDirectories)
            let text = File.ReadAllText(file)
            from Match field in Field().Matches(text)
            where text.Contains($"{field.Groups[1].Value}.forward(", StringComparison.Ordinal)
            select $"{Path.GetFileName(file)}: write {field.Groups[1].Value}.Normalise(…)";
        Assert.Equal([], calls);
    }

    [GeneratedRegex(@"\bBatchNorm[123]d (\w+);")]
    private static partial Regex Field();
}
