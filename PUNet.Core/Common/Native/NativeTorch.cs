using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace PUNet.Core.Common.Native;

/// <summary>
/// Loads libtorch by absolute path as soon as the TorchSharp assembly is loaded, and not before: so scripts under
/// <c>dotnet fsi</c> and the command line find it, a system libtorch is never taken, and commands that compute nothing
/// start without it. It is PUNet's own, unless <see cref="Variable"/> or <see cref="Use"/> names another.
/// </summary>
public static class NativeTorch
{
    /// <summary>Variable of the environment that names the folder of another libtorch.</summary>
    public const string Variable = "PUNET_LIBTORCH";

    private const string Shim = "LibTorchSharp";
    private static readonly object _gate = new();
    private static IntPtr _shim;
    private static LibtorchException? _failure;
    private static LibtorchFolder? _libtorch;

    /// <summary>True once libtorch is in the process.</summary>
    public static bool IsLoaded => _shim != IntPtr.Zero;

    /// <summary>The files that the system mapped as libtorch's main library: one once it is loaded, none before. Known on Linux only.</summary>
    public static IReadOnlyList<string> Mapped() => !OperatingSystem.IsLinux()
        ? []
        : [.. File.ReadLines("/proc/self/maps").Where(line => line.EndsWith(NativeNames.File("torch_cpu"), StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/')..]).Distinct()];

    /// <summary>The version of libtorch that this build was made for.</summary>
    public static string BuiltFor { get; } =
        typeof(NativeTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(entry => entry.Key == "LibTorchVersion")?.Value ?? "unknown";

    /// <summary>The libtorch that is loaded or would be; null where there is none beside PUNet and none is named. Loads nothing.</summary>
    /// <exception cref="LibtorchException">The named folder holds none, or it is damaged.</exception>
    public static LibtorchFolder? Libtorch
    {
        get
        {
            lock (_gate) return _libtorch ??= Find();
        }
    }

    /// <summary>Takes the libtorch of a folder, here and in processes that are started from here; before anything loads libtorch.</summary>
    /// <exception cref="LibtorchException">It holds none, or it is damaged, or another one is loaded already.</exception>
    public static void Use(string folder)
    {
        lock (_gate)
        {
            var wanted = LibtorchFolder.At(folder, OfPackage());
            if (IsLoaded && _libtorch?.Path != wanted.Path)
                throw new LibtorchException(
                    $"libtorch: that of {_libtorch?.Path} is loaded already, so {wanted.Path} cannot be taken; name it before anything computes");
            Environment.SetEnvironmentVariable(Variable, wanted.Path);
            _libtorch = wanted;
        }
    }

    /// <summary>Loads libtorch now, so that a fault is told before any work is begun.</summary>
    /// <exception cref="LibtorchException">It cannot be loaded.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Load()
    {
        WhenLoaded(typeof(TorchSharp.torch).Assembly);
        if (_failure is not null) throw _failure;
    }

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
        if (assembly.GetName().Name != "TorchSharp") return;
        lock (_gate)
        {
            if (IsLoaded || _failure is not null) return;
            try
            {
                if (Libtorch is not { } libtorch) return; // not beside us: TorchSharp's own probing decides
                var loader = new NativeLoader(libtorch);
                loader.LoadLibtorch();
                OneDnn.Guard(NativeLibrary.Load(libtorch.Library("torch_cpu")));
                var shim = ShimPath() ?? throw new LibtorchException($"{NativeNames.File(Shim)} is missing beside PUNet; build it again");
                _shim = loader.LoadShim(shim);
            }
            catch (LibtorchException failure) // told by whatever needs libtorch first: nobody hears an exception here
            {
                _failure = failure;
            }
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name != Shim ? IntPtr.Zero : _failure is null ? _shim : throw _failure);
            // TorchSharp asks by this way whether the library is there. After a failure any handle keeps it from copying another libtorch beside us.
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
                name != Shim ? IntPtr.Zero : _failure is null ? _shim : NativeLibrary.GetMainProgramHandle();
        }
    }

    private static LibtorchFolder? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? LibtorchFolder.At(folder, OfPackage()) : OfPackage();

    private static LibtorchFolder? OfPackage() =>
        NativeNames.Folders().Select(folder => LibtorchFolder.OfPackage(folder, BuiltFor)).FirstOrDefault(found => found is not null);

    private static string? ShimPath() =>
        NativeNames.Folders().Select(folder => Path.Combine(folder, NativeNames.File(Shim))).FirstOrDefault(File.Exists);
}
