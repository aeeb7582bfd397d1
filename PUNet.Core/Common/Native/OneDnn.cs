using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Native;

/// <summary>
/// Keeps libtorch from wrong results on AMD processors whose caches a virtual machine hides. oneDNN, its library for convolutions, takes each
/// cache for one byte then and cuts its blocks by that: some of its kernels give wrong numbers there, others crash. libtorch's own take over.
/// </summary>
internal static class OneDnn
{
    private static readonly string[] _vendors = ["AuthenticAMD", "HygonGenuine"];

    /// <summary>Whether convolutions are computed without it on this machine; loads no library.</summary>
    public static bool IsOff { get; } = IsWrong(ProcessorIdentity.Model(), ProcessorIdentity.Caches());

    /// <summary>Turns it off where it is wrong, and with it NNPACK, which warns of such a processor at every convolution.</summary>
    /// <param name="libtorch">The loaded library torch_cpu.</param>
    public static unsafe void Guard(IntPtr libtorch)
    {
        if (!IsOff || !TryFind(libtorch, "_ZN2at13globalContextEv", out var context)) return;
        var settings = ((delegate* unmanaged<IntPtr>)context)();
        foreach (var switching in new[] { "_ZN2at7Context20setUserEnabledMkldnnEb", "_ZN2at7Context20setUserEnabledNNPACKEb" })
            if (TryFind(libtorch, switching, out var function)) ((delegate* unmanaged<IntPtr, byte, void>)function)(settings, 0);
    }

    /// <summary>Whether oneDNN takes the processor's caches for one byte each.</summary>
    /// <param name="model">As <see cref="ProcessorIdentity.Model"/> tells it.</param>
    /// <param name="caches">As <see cref="ProcessorIdentity.Caches"/> tells them.</param>
    internal static bool IsWrong(string model, string caches) => caches.Length == 0 && model.Split(' ').Intersect(_vendors).Any();

    /// <summary>A function of libtorch by its name in the library: it has no other access to these switches.</summary>
    private static bool TryFind(IntPtr library, string symbol, out IntPtr function) => NativeLibrary.TryGetExport(library, symbol, out function);
}
