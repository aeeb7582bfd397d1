using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Native;

/// <summary>
/// Keeps oneDNN, libtorch's library for convolutions, from wrong results on AMD processors whose caches a virtual machine hides: it takes each
/// cache for one byte then, and its AVX kernels cut their blocks by that; some give wrong numbers, others crash. Its SSE4.1 kernels do not.
/// </summary>
internal static partial class OneDnnLimit
{
    /// <summary>oneDNN's own variable for the most instructions that it uses, and its former name.</summary>
    private static readonly string[] _variables = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"];

    private const string Safe = "SSE41";

    private static readonly string[] _vendors = ["AuthenticAMD", "HygonGenuine"];

    /// <summary>Sets the limit where it is needed and nobody has chosen one; before libtorch is loaded, which reads it once.</summary>
    public static void Apply()
    {
        if (_variables.Any(name => Environment.GetEnvironmentVariable(name) is not null)) return;
        if (!IsNeeded(ProcessorIdentity.Model(), ProcessorIdentity.Caches())) return;
        Environment.SetEnvironmentVariable(_variables[0], Safe); // for keys, and for processes that are started from here
        if (OperatingSystem.IsLinux()) _ = SetNative(_variables[0], Safe, 1); // .NET's own copy is not what a library sees
    }

    /// <summary>Whether oneDNN takes the processor's caches for one byte each.</summary>
    /// <param name="model">As <see cref="ProcessorIdentity.Model"/> tells it.</param>
    /// <param name="caches">As <see cref="ProcessorIdentity.Caches"/> tells them.</param>
    internal static bool IsNeeded(string model, string caches) => caches.Length == 0 && model.Split(' ').Intersect(_vendors).Any();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
