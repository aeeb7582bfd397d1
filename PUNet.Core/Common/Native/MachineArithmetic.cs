using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PUNet.Core.Common.Native;

/// <summary>
/// What of a machine decides the bits of floating-point results. libtorch with MKL and oneDNN, the C library and .NET choose their kernels, and
/// with them the order of sums and whether a product is rounded before it is added, by what is read here. Loads no library.
/// </summary>
public static partial class MachineArithmetic
{
    private const string GpuFolder = "/proc/driver/nvidia/gpus";

    /// <summary>Environment variables by which those libraries are told to choose otherwise, or to compute less exactly.</summary>
    private static readonly string[] _choices =
    [
        "ATEN_CPU_CAPABILITY", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE", "GLIBC_TUNABLES", "LD_PRELOAD",
        "ONEDNN_MAX_CPU_ISA", "ONEDNN_CPU_ISA_HINTS", "ONEDNN_DEFAULT_FPMATH_MODE",
        "DNNL_MAX_CPU_ISA", "DNNL_CPU_ISA_HINTS", "DNNL_DEFAULT_FPMATH_MODE",
    ];

    private static readonly string[] _gpuChoices = ["NVIDIA_TF32_OVERRIDE", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "CUBLAS_WORKSPACE_CONFIG"];

    /// <summary>Short texts by what they tell; what does not apply to this machine is left out.</summary>
    /// <param name="device">cpu or cuda.</param>
    public static IReadOnlyDictionary<string, string> Describe(string device)
    {
        var cuda = device == "cuda";
        var traits = new Dictionary<string, string>
        {
            ["model"] = ProcessorIdentity.Model(),
            ["instructions"] = ProcessorIdentity.Instructions(),
            ["caches"] = ProcessorIdentity.Caches(),
            ["vectors"] = Vectors(),
            ["convolutions"] = OneDnn.IsOff ? "without oneDNN, which needs to know the caches" : "",
            ["settings"] = string.Join(' ', (cuda ? _choices.Concat(_gpuChoices) : _choices).Select(Chosen).Where(text => text is not null)),
            ["runtime"] = string.Join(", ", new[] { $".NET {Environment.Version}", CLibrary() }.Where(text => text is not null)),
            ["gpu"] = cuda ? Gpus(GpuFolder, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")) : "",
        };
        return traits.Where(trait => trait.Value.Length > 0).ToDictionary();
    }

    /// <summary>
    /// Models of the GPUs that the driver lists; where they differ each one in the driver's order, with the choice among them.
    /// Empty where the driver tells none.
    /// </summary>
    internal static string Gpus(string folder, string? visible)
    {
        if (!Directory.Exists(folder)) return "";
        var models = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(gpu => Path.Combine(gpu, "information"))
            .Where(File.Exists).Select(ModelIn).ToList();
        return models.Distinct().Count() <= 1 ? models.FirstOrDefault() ?? "" : $"{string.Join(", ", models)}; visible: {visible ?? "all"}";
    }

    private static string ModelIn(string file)
    {
        const string Label = "Model:";
        return File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal))?[Label.Length..].Trim() ?? "unknown";
    }

    /// <summary>What the just-in-time compiler uses, whatever the processor could do.</summary>
    private static string Vectors()
    {
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        var fused = Fma.IsSupported || Avx512F.IsSupported || AdvSimd.IsSupported;
        return $"{width} bits, Vector<T> {Vector<byte>.Count * 8} bits, {(fused ? "fused" : "separate")} multiply-add";
    }

    private static string? Chosen(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? $"{name}={value}" : null;

    private static string? CLibrary()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return $"glibc {Marshal.PtrToStringUTF8(GlibcVersion())}";
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return RuntimeInformation.RuntimeIdentifier; // another C library, whose version nothing tells
        }
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial IntPtr GlibcVersion();
}
