using System.Text.RegularExpressions;

namespace PUNet.Core.Common.Native;

/// <summary>A folder with the libraries of libtorch, and what is known of it without loading it.</summary>
public sealed partial record LibtorchFolder
{
    private const int ShownDigits = 12;

    private LibtorchFolder(string path, string version, string? build, bool isPackage) =>
        (Path, Version, Build, IsPackage) = (path, version, build, isPackage);

    /// <summary>Absolute path of the folder that the libraries lie in.</summary>
    public string Path { get; }

    /// <summary>For example 2.11.0+cu130, as the installation's own file says it; "unknown" where none does.</summary>
    public string Version { get; }

    /// <summary>Identity of the build, from libtorch_cpu itself; null where it has none (never on Linux).</summary>
    public string? Build { get; }

    /// <summary>Whether it came with PUNet.</summary>
    public bool IsPackage { get; }

    /// <summary>Whether it computes on NVIDIA GPUs.</summary>
    public bool HasCuda => File.Exists(Library("torch_cuda"));

    /// <summary>What stands for it in the key of a stage: version, and the build, which can give other last bits.</summary>
    public string Identity => Build is null ? Version : $"{Version} ({Build[..Math.Min(ShownDigits, Build.Length)]})";

    /// <summary>The libtorch that a person named.</summary>
    /// <param name="given">Folder of an installed PyTorch (site-packages, torch in it, or its lib) or of an unpacked libtorch (or its lib).</param>
    /// <param name="package">The libtorch beside PUNet, whose version a copy of it has.</param>
    /// <exception cref="LibtorchException">There is none, or a library is damaged.</exception>
    internal static LibtorchFolder At(string given, LibtorchFolder? package)
    {
        if (given.Length == 0) throw new LibtorchException($"libtorch: a folder is needed; {Remedy}");
        var root = System.IO.Path.GetFullPath(given);
        if (!Directory.Exists(root)) throw new LibtorchException($"libtorch: there is no folder {root}; {Remedy}");
        var path = new[] { root, System.IO.Path.Combine(root, "lib"), System.IO.Path.Combine(root, "torch", "lib") }.FirstOrDefault(Holds)
            ?? throw new LibtorchException($"libtorch: {root} holds none ({NativeNames.File("torch_cpu")} is neither there nor in lib); {Remedy}");
        foreach (var library in new[] { "c10", "torch" })
            if (!File.Exists(System.IO.Path.Combine(path, NativeNames.File(library))))
                throw new LibtorchException($"libtorch: {path} has no {NativeNames.File(library)}, so it is not complete; {Remedy}");
        var build = BuildOf(path);
        var version = Written(path) ?? (build is not null && build == package?.Build ? package.Version : "unknown");
        return new LibtorchFolder(path, version, build, isPackage: false);
    }

    /// <summary>The libtorch beside PUNet; null where there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="version">The version that this build was made with.</param>
    /// <exception cref="LibtorchException">A library is damaged.</exception>
    internal static LibtorchFolder? OfPackage(string path, string version) =>
        Holds(path) ? new LibtorchFolder(path, Written(path) ?? version, BuildOf(path), isPackage: true) : null;

    /// <summary>Path of one of its libraries, for example "torch_cpu".</summary>
    public string Library(string name) => System.IO.Path.Combine(Path, NativeNames.File(name));

    private static bool Holds(string path) => File.Exists(System.IO.Path.Combine(path, NativeNames.File("torch_cpu")));

    private static string Remedy =>
        "give the folder of an installed PyTorch (python3 -c 'import torch; print(torch.__path__[0])' prints it) or of an unpacked libtorch";

    /// <summary>PyTorch has torch/version.py, a downloaded libtorch has build-version; links are followed to the real installation.</summary>
    private static string? Written(string path)
    {
        var real = NativeNames.Real(System.IO.Path.Combine(path, NativeNames.File("torch_cpu")));
        foreach (var lib in new[] { path, System.IO.Path.GetDirectoryName(real)! }.Distinct())
        {
            var (python, build) = (System.IO.Path.Combine(lib, "..", "version.py"), System.IO.Path.Combine(lib, "..", "build-version"));
            if (File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match) return match.Groups[1].Value;
            if (File.Exists(build) && File.ReadAllText(build).Trim() is { Length: > 0 } written) return written;
        }
        return null;
    }

    private static string? BuildOf(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        string? build = null;
        foreach (var library in new[] { "c10", "torch", "torch_cpu", "torch_cuda" })
        {
            var file = System.IO.Path.Combine(path, NativeNames.File(library));
            if (!File.Exists(file)) continue;
            try
            {
                if (ElfLibrary.Read(file).Build is { } found && library == "torch_cpu") build = found;
            }
            catch (Exception damage) when (damage is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new LibtorchException($"libtorch: {file} cannot be read: {damage.Message}. Install it again, or name another one.", damage);
            }
        }
        return build ?? $"{new FileInfo(System.IO.Path.Combine(path, NativeNames.File("torch_cpu"))).Length} bytes";
    }

    [GeneratedRegex("""^__version__\s*(?::[^=]*)?=\s*['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
