using System.Reflection;
using System.Runtime.InteropServices;
using PUNet.Core.Common;
using PUNet.Core.Common.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Common;

public sealed class FailureTextTests
{
    private const string Trace =
        "\nException raised from malloc at /pytorch/c10/cuda/CUDACachingAllocator.cpp:1523 (most recent call first):"
        + "\nframe #0: c10::Error::Error(c10::SourceLocation, std::string) + 0xb0 (0x7f3a189401a0 in /lib/libc10.so)"
        + "\nframe #1: <unknown function> + 0x36f6a50";

    [Fact]
    public void What_libtorch_really_says_is_cut_to_its_first_line()
    {
        var error = Assert.Throws<ExternalException>(() => bmm(zeros(2, 3, 4), zeros(2, 5, 6)));
        Assert.Contains("\n", error.Message);
        var text = FailureText.Of(error);
        Assert.StartsWith("libtorch says: ", text);
        Assert.Contains("[2, 5]", text);
        Assert.EndsWith("--debug shows where", text);
        Assert.DoesNotContain("frame", text);
        Assert.DoesNotContain("\n", text);
    }

    [Fact]
    public void A_full_memory_is_told_with_a_remedy() =>
        Assert.Equal(
            $"the memory is full ({1L << 52} bytes more were asked for); take a smaller batch_size, or fewer stages side by side with --jobs 1",
            FailureText.Of(Assert.Throws<ExternalException>(() => empty([1L << 50], float32))));

    [Fact]
    public void A_freed_tensor_is_a_fault_of_ours()
    {
        var freed = zeros(1);
        freed.Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => freed.add(freed));
        Assert.Equal("a tensor was used after it was freed. That is a fault of PUNet; --debug shows where", FailureText.Of(error));
    }

    [Theory]
    [InlineData(
        "CUDA out of memory. Tried to allocate 20.50 GiB. GPU 0 has a total capacity of 79.11 GiB of which 3.21 GiB is free." + Trace,
        "the memory of the GPU is full (20.50 GiB more were asked for); take a smaller batch_size, or compute on the CPU with --device cpu")]
    [InlineData(
        "CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported.\nFor debugging …\n" + Trace,
        "the GPU failed: CUDA error: device-side assert triggered; run again, or compute on the CPU with --device cpu")]
    [InlineData(
        "CUDA error: no kernel image is available for execution on the device\nCompile with TORCH_USE_CUDA_DSA." + Trace,
        "this libtorch was not built for this GPU; name another one with --libtorch, or compute on the CPU with --device cpu")]
    [InlineData(
        "Torch device type CUDA did not initialise on the current machine. Trace from LoadNativeBackend:\n\nTorchSharp: LoadNativeBackend",
        "libtorch finds no GPU that it can use; `punet info --torch` tells what it finds, --device cpu computes without one")]
    [InlineData(
        "false INTERNAL ASSERT FAILED at \"/pytorch/aten/src/ATen/X.cpp\":12, please report a bug to PyTorch. no such thing" + Trace,
        "libtorch says: false no such thing. That is a fault of PUNet; --debug shows where")]
    public void Faults_of_a_GPU_say_what_to_do(string said, string told) => Assert.Equal(told, FailureText.Of(new ExternalException(said)));

    [Fact]
    public void What_wraps_a_failure_is_left_out_and_its_own_words_stay()
    {
        var own = new ConfigurationException(["heads (4) must divide channels (30).", "epochs must be at least 1, not 0."]);
        Assert.Equal(own.Message, FailureText.Of(own));
        var wrapped = new AggregateException(new TargetInvocationException(new TypeInitializationException("Script", own)));
        Assert.Equal(own.Message, FailureText.Of(wrapped));
    }
}
