using System.Text.Json.Serialization;
using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
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
    private const int LargestPatch = 4096;
    private const double MostVoxels = 134_217_728;
    private const string Memory = "larger patches do not fit into memory";

    /// <summary>Why sizes of layers have an upper end.</summary>
    internal const string LayerMemory = "larger layers do not fit into memory";

    /// <summary>Most parameters of a network: 40 GB.</summary>
    private protected const double MostParameters = 1e10;

    /// <summary>r of low-rank updates where none is stated: as LoRA has it for GPT-2.</summary>
    public const int DefaultRank = 4;

    /// <summary>Image channels.</summary>
    public int InChannels { get; init; } = 1;

    /// <summary>Patch of the first student, in voxels; also the window of predictions.</summary>
    [Within(1, LargestPatch, Memory)]
    public Extent StudentPatch { get; init; } = new(224, 224, 1);

    /// <summary>Patch of the second student.</summary>
    [Within(1, LargestPatch, Memory)]
    public Extent SecondStudentPatch { get; init; } = new(160, 160, 1);

    /// <summary>Patch of the teacher, in voxels: the crop that all views are cut from.</summary>
    [Within(1, LargestPatch, Memory)]
    public Extent TeacherPatch { get; init; } = new(256, 256, 1);

    /// <summary>Output channels of the fixed layer (1 + classes); null: similarity to the prompts of the active classes.</summary>
    public int? FixedOutputChannels { get; init; }

    /// <summary>Whether its body normalises by statistics of its training; where not, every sample is normalised by itself.</summary>
    public virtual bool HasStatistics => true;

    /// <summary>All faults; empty where the configuration can be built.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this, () => Patches
        .SelectMany(entry => Limits.Product([entry.Name], (double)entry.Patch.H * entry.Patch.W * entry.Patch.D, "voxels", MostVoxels, Memory))
        .Concat(TooLarge()).ToList() is { Count: > 0 } large ? large : Rules());

    /// <summary>Faults of a dataset of so many foreground classes on this network.</summary>
    public virtual IEnumerable<Fault> PoolFaults(int classes) => [];

    /// <summary>Sizes that are sound by themselves and together make what nothing can hold.</summary>
    private protected abstract IEnumerable<Fault> TooLarge();

    /// <summary>How the sizes must fit together.</summary>
    private protected abstract IEnumerable<Fault> Rules();

    /// <summary>The configuration for a pre-training on some base classes: a fixed output layer gets their number of channels.</summary>
    public abstract NetworkConfiguration ForClasses(int classes);

    /// <summary>The configuration with prompts for a class; itself where it has them, or has none for any class.</summary>
    /// <param name="label">Of the class, from 1.</param>
    public virtual NetworkConfiguration WithRoomFor(int label) => this;

    /// <summary>
    /// What the network becomes when a backbone of this configuration is adapted: with a fixed layer, bottlenecks and low-rank updates where
    /// the variant has them.
    /// </summary>
    /// <param name="variant">Row of the table in method.md, section 4.</param>
    /// <param name="newClasses">How many classes it learns.</param>
    /// <param name="rank">Of low-rank updates.</param>
    public abstract NetworkConfiguration AdaptedBy(AdaptationVariant variant, int newClasses, int rank = DefaultRank);

    /// <summary>Whether an adaptation by this variant predicts with a fixed output layer instead of the similarity to prompts.</summary>
    public abstract bool UsesFixedLayer(AdaptationVariant variant);

    /// <summary>Every reason why a backbone of this configuration cannot learn new classes in this way; empty where it can.</summary>
    /// <param name="variant">Row of the table in method.md, section 4.</param>
    public abstract IReadOnlyList<Fault> AdaptationFaults(AdaptationVariant variant);

    /// <summary>How the patches of any architecture must fit together.</summary>
    private protected IEnumerable<Fault> PatchRules()
    {
        if (StudentPatch.D != SecondStudentPatch.D || StudentPatch.D != TeacherPatch.D)
            yield return new Fault(
                ["student_patch", "second_student_patch", "teacher_patch"],
                $"student_patch ({StudentPatch}), second_student_patch ({SecondStudentPatch}) and teacher_patch ({TeacherPatch}) must have the same "
                + "depth: it decides kernels and strides");
        foreach (var (name, student) in Patches.SkipLast(1))
            if (student.H > TeacherPatch.H || student.W > TeacherPatch.W)
                yield return new Fault(
                    [name, "teacher_patch"],
                    $"{name} ({student}) must fit into teacher_patch ({TeacherPatch}): all views are cut from one crop of the teacher's size");
    }

    /// <summary>The three patches by their keywords.</summary>
    private protected IReadOnlyList<(string Name, Extent Patch)> Patches =>
        [("student_patch", StudentPatch), ("second_student_patch", SecondStudentPatch), ("teacher_patch", TeacherPatch)];
}
