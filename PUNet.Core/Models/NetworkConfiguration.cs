using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Baselines.SwinUnetr;
using PUNet.Core.Models.Baselines.UNet;
using PUNet.Core.Models.Baselines.Unetr;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models;

/// <summary>
/// What determines the shape and the computation of a segmentation network; every architecture adds its own sizes. Nothing here
/// names a tensor type, so that a script is declared and planned without loading libtorch.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "architecture")]
[JsonDerivedType(typeof(PromptableUNetConfiguration), "promptable_unet")]
[JsonDerivedType(typeof(UNetConfiguration), "unet")]
[JsonDerivedType(typeof(UnetrConfiguration), "unetr")]
[JsonDerivedType(typeof(SwinUnetrConfiguration), "swin_unetr")]
public abstract record NetworkConfiguration
{
    /// <summary>Image channels.</summary>
    public int InChannels { get; init; } = 1;

    /// <summary>Patch of the first student, in voxels; also the window of predictions.</summary>
    public Extent StudentPatch { get; init; } = new(224, 224, 1);

    /// <summary>Patch of the second student.</summary>
    public Extent SecondStudentPatch { get; init; } = new(160, 160, 1);

    /// <summary>Patch of the teacher, in voxels: the crop that all views are cut from.</summary>
    public Extent TeacherPatch { get; init; } = new(256, 256, 1);

    /// <summary>Output channels of the fixed layer (1 + classes); null: similarity to the prompts of the active classes.</summary>
    public int? FixedOutputChannels { get; init; }

    /// <summary>All faults, each a sentence with rule, given value and remedy; empty where the configuration can be built.</summary>
    public abstract IReadOnlyList<string> Validate();

    /// <summary>The configuration for a pre-training on some base classes: a fixed output layer gets their number of channels.</summary>
    public abstract NetworkConfiguration ForClasses(int classes);

    /// <summary>
    /// What the network becomes when a backbone of this configuration is adapted: with a fixed layer and bottlenecks where the variant has
    /// them.
    /// </summary>
    public abstract NetworkConfiguration AdaptedBy(AdaptationVariant variant, int newClasses);

    /// <summary>Whether an adaptation by this variant predicts with a fixed output layer instead of the similarity to prompts.</summary>
    public abstract bool UsesFixedLayer(AdaptationVariant variant);

    /// <summary>Every reason why a backbone of this configuration cannot learn new classes in this way; empty where it can.</summary>
    /// <param name="variant">Row of the table in method.md, section 4.</param>
    /// <param name="newClasses">Labels of the new classes.</param>
    public abstract IReadOnlyList<string> AdaptationFaults(AdaptationVariant variant, IReadOnlyCollection<int> newClasses);

    /// <summary>The three patches by their keywords.</summary>
    private protected IReadOnlyList<(string Name, Extent Patch)> Patches =>
        [("student_patch", StudentPatch), ("second_student_patch", SecondStudentPatch), ("teacher_patch", TeacherPatch)];
}
