using System.Runtime.InteropServices;
using SkiaSharp;

namespace PUNet.Core.Common.Native;

/// <summary>
/// Loads SkiaSharp's library by absolute path: the program does not name the folder of its native libraries to the system, as another
/// libtorch than the chosen one lies there (<see cref="NativeTorch"/>).
/// </summary>
internal static class NativeSkia
{
    private const string Library = "SkiaSharp";

    private static readonly Lazy<bool> _resolved = new(() =>
    {
        if (NativeNames.Folders().Select(folder => Path.Combine(folder, NativeNames.File(Library))).FirstOrDefault(File.Exists) is not { } path)
            return false; // not beside us: the system's own way decides
        NativeLibrary.SetDllImportResolver(
            typeof(SKImageInfo).Assembly, (name, _, _) => name.EndsWith(Library, StringComparison.Ordinal) ? NativeLibrary.Load(path) : IntPtr.Zero);
        return true;
    });

    /// <summary>Makes the library known; before the first picture.</summary>
    public static void Prepare() => _ = _resolved.Value;
}
