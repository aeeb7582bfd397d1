using PUNet.Core.Common.Native;

namespace PUNet.Core.Tests.Common;

public sealed class MachineArithmeticTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_says_every_time_the_same_of_itself_and_of_its_gpu_only_where_that_computes()
    {
        var traits = MachineArithmetic.Describe("cpu");
        Assert.Equal(traits, MachineArithmetic.Describe("cpu"));
        Assert.Subset(traits.Keys.ToHashSet(), new HashSet<string> { "model", "vectors", "runtime" });
        Assert.DoesNotContain("gpu", traits.Keys);
        Assert.All(traits.Values, text => Assert.InRange(text.Length, 1, 200));
    }

    [Fact]
    public void Equal_gpus_are_one_and_different_ones_are_told_with_the_choice_among_them()
    {
        Assert.Equal("", MachineArithmetic.Gpus(_folder.File("none"), null));
        Gpu("0000:01:00.0", "NVIDIA H100 80GB HBM3");
        Gpu("0000:02:00.0", "NVIDIA H100 80GB HBM3");
        Assert.Equal("NVIDIA H100 80GB HBM3", MachineArithmetic.Gpus(_folder.Path, "1"));
        Gpu("0000:03:00.0", "NVIDIA A100-SXM4-40GB");
        Assert.Equal("NVIDIA H100 80GB HBM3, NVIDIA H100 80GB HBM3, NVIDIA A100-SXM4-40GB; visible: 2", MachineArithmetic.Gpus(_folder.Path, "2"));
        Assert.EndsWith("visible: all", MachineArithmetic.Gpus(_folder.Path, null));
    }

    private void Gpu(string slot, string model)
    {
        var file = _folder.File($"{slot}/information");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"Model: \t\t {model}\nIRQ:   \t\t 42\n");
    }
}
