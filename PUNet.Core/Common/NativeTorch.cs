using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PUNet.Core.Common;

/// <summary>
/// Loads libtorch by absolute path as soon as the TorchSharp assembly is loaded, and not before: so scripts under
/// <c>dotnet fsi</c> and the command line find it, a system libtorch is never taken, and commands that compute nothing
/// start without it.
/// </summary>
public static class NativeTorch
{
    private const string Shim = "LibTorchSharp";
    private static readonly object _gate = new();
    private static IntPtr _shim;

    /// <summary>Folder the native libraries were loaded from; null while nothing was loaded.</summary>
    public static string? Folder { get; private set; }

    /// <summary>True once libtorch is in the process.</summary>
    public static bool IsLoaded => _shim != IntPtr.Zero;

#pragma warning disable CA2255 // a library's module initializer: the one place that runs before any TorchSharp code can
    [ModuleInitializer]
    internal static void Initialise()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => WhenLoaded(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) WhenLoaded(assembly);
    }
#pragma warning restore CA2255

    private static void WhenLoaded(Assembly assembly)
    {
        if (assembly.GetName().Name == "TorchSharp") Load(assembly);
    }

    private static void Load(Assembly torchSharp)
    {
        lock (_gate)
        {
            if (IsLoaded || FindFolder() is not { } folder) return; // not beside us: TorchSharp's own probing decides
            foreach (var library in new[] { "c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch" })
            {
                var path = Path.Combine(folder, FileName(library));
                if (File.Exists(path)) NativeLibrary.TryLoad(path, out _);
            }
            _shim = NativeLibrary.Load(Path.Combine(folder, FileName(Shim)));
            Folder = folder;
            NativeLibrary.SetDllImportResolver(torchSharp, (name, _, _) => name == Shim ? _shim : IntPtr.Zero);
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Shim ? _shim : IntPtr.Zero;
        }
    }

    private static string? FindFolder()
    {
        var roots = new[] { Path.GetDirectoryName(typeof(NativeTorch).Assembly.Location), AppContext.BaseDirectory };
        return roots.Where(root => !string.IsNullOrEmpty(root))
            .SelectMany(root => new[] { Path.Combine(root!, "runtimes", RuntimeIdentifier, "native"), root! })
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, FileName(Shim))) && File.Exists(Path.Combine(folder, FileName("torch_cpu"))));
    }

    private static string RuntimeIdentifier =>
        OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
