using PUNet.Core.Common;

namespace PUNet.Core.Data;

/// <summary>Writes CT-like phantoms with label maps.</summary>
public static class PhantomGenerator
{
    /// <summary>Class names in label order; the class of name i has the label i + 1.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["liver", "spleen", "left kidney", "right kidney", "stomach", "pancreas", "gallbladder", "bladder"];

    /// <summary>Writes <c>images/phantom_NNN.nii.gz</c>, <c>labels/phantom_NNN.nii.gz</c> and <c>classes.json</c>.</summary>
    public static void Write(PhantomOptions options, string folder, Action<StageEvent> report, CancellationToken cancellation) =>
        throw new NotImplementedException(folder);
}
