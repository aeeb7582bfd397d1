namespace PUNet.Core.Common.Native;

/// <summary>Names and places of native libraries.</summary>
internal static class NativeNames
{
    /// <summary>The folder of NuGet's runtimes for this system.</summary>
    public static string RuntimeIdentifier =>
        OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    /// <summary>File of a library: torch_cpu → libtorch_cpu.so.</summary>
    public static string File(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Where libraries that came with PUNet may lie.</summary>
    public static IEnumerable<string> Folders() =>
        new[] { Path.GetDirectoryName(typeof(NativeNames).Assembly.Location), AppContext.BaseDirectory }
            .Where(root => !string.IsNullOrEmpty(root)).Distinct()
            .SelectMany(root => new[] { Path.Combine(root!, "runtimes", RuntimeIdentifier, "native"), root! });

    /// <summary>The file behind links, its folders' links too: a library looks for others beside the path that it is loaded by.</summary>
    public static string Real(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder) return path;
        var here = Path.Combine(Real(folder), Path.GetFileName(path));
        return System.IO.File.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? Real(target.FullName) : here;
    }
}
