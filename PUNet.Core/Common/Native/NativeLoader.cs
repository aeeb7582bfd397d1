using System.Runtime.InteropServices;

namespace PUNet.Core.Common.Native;

/// <summary>
/// Loads libraries of libtorch by absolute path. On Linux what a library needs and lies in one of the installation's folders is loaded before
/// it, because the system's loader knows neither those folders nor, for links, the place of the real file.
/// </summary>
internal sealed class NativeLoader
{
    private const int BindNow = 2;
    private const int BindLazily = 1;
    private const int ForAll = 0x100;

    private readonly LibtorchFolder _libtorch;
    private readonly IReadOnlyList<string> _folders;
    private readonly HashSet<string> _loaded = [];

    public NativeLoader(LibtorchFolder libtorch)
    {
        _libtorch = libtorch;
        string[] own = [libtorch.Path, Path.GetDirectoryName(NativeNames.Real(libtorch.Library("torch_cpu")))!];
        // pip keeps CUDA's libraries beside the package torch: site-packages/nvidia/PART/lib.
        var beside = own.Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "..", "nvidia"))).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories).Select(part => Path.Combine(part, "lib")).Where(Directory.Exists)
            .Order(StringComparer.Ordinal);
        _folders = [.. own.Concat(beside).Distinct()];
    }

    /// <summary>Loads libtorch.</summary>
    /// <exception cref="LibtorchException">A library is damaged, or something that it needs is missing.</exception>
    public void LoadLibtorch()
    {
        var shared = _libtorch.Library("torch_global_deps");
        if (OperatingSystem.IsLinux() && File.Exists(shared)) Load(shared, BindLazily | ForAll);
        foreach (var library in new[] { "c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch" })
            if (File.Exists(_libtorch.Library(library))) Load(_libtorch.Library(library), BindLazily);
    }

    /// <summary>Loads TorchSharp's library over it; every symbol that it needs is looked up at once.</summary>
    /// <exception cref="LibtorchException">libtorch lacks a symbol: it is of another version.</exception>
    public IntPtr LoadShim(string path)
    {
        Load(path, BindNow);
        return NativeLibrary.Load(path);
    }

    private void Load(string path, int flags)
    {
        var real = NativeNames.Real(path);
        if (!_loaded.Add(real)) return;
        if (OperatingSystem.IsLinux()) LoadOnLinux(real, flags);
        else LoadElsewhere(real);
    }

    private void LoadOnLinux(string path, int flags)
    {
        foreach (var needed in NeededBy(path))
            if (_folders.Select(folder => Path.Combine(folder, needed)).FirstOrDefault(File.Exists) is { } found) Load(found, flags);
        LastError(); // also binds it, which itself would forget an error
        if (Open(path, flags) == 0) throw Fault(path, Marshal.PtrToStringUTF8(LastError()) ?? "unknown");
    }

    private IReadOnlyList<string> NeededBy(string path)
    {
        try
        {
            return ElfLibrary.Read(path).Needed;
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Fault(path, damage.Message);
        }
    }

    private void LoadElsewhere(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Fault(path, error.Message);
        }
    }

    /// <summary>What the system's loader said, with what to do.</summary>
    private LibtorchException Fault(string path, string said)
    {
        var what = said.StartsWith($"{path}: ", StringComparison.Ordinal) ? said[(path.Length + 2)..] : said;
        var missing = what.IndexOf(": cannot open shared object file", StringComparison.Ordinal);
        var remedy = (missing, what.Contains("undefined symbol")) switch
        {
            ( > 0, _) => $"it needs {what[..missing]}, which is in none of its folders; add the folder that has it to LD_LIBRARY_PATH",
            (_, true) => $"it is too different from libtorch {NativeTorch.BuiltFor}, which PUNet was made for: {what}. Name one of a nearer version",
            _ => $"{path} cannot be loaded: {what}. Install it again, or name another libtorch",
        };
        return new LibtorchException($"libtorch: {_libtorch.Path} has version {_libtorch.Version}; {remedy}");
    }

    [DllImport("libc", EntryPoint = "dlopen")]
    private static extern IntPtr Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "dlerror")]
    private static extern IntPtr LastError();
}
