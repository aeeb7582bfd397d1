using PUNet.Core.Common;

namespace PUNet.Core.Imaging.Nifti;

/// <summary>Which values label maps hold.</summary>
internal static class LabelValues
{
    /// <summary>Every value above 0 of some files, ascending.</summary>
    /// <exception cref="ImageFileException">A file is missing, damaged or no label map.</exception>
    public static IReadOnlyList<ushort> In(IEnumerable<string> paths) =>
        [.. paths.SelectMany(path => NiftiFile.ReadLabels(path).Data.Distinct()).Distinct().Where(value => value != 0).Order()];
}
