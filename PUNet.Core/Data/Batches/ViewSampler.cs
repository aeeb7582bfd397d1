using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;

namespace PUNet.Core.Data.Batches;

/// <summary>
/// Draws a crop from a subject and the augmented views of it (method.md, sections 3 and 4): each view augments the whole crop
/// on its own, then takes a random part of its extent. Coordinates are voxel indices minus the volume's centre before any
/// augmentation, carried through the same affine. Thread-safe.
/// </summary>
public sealed class ViewSampler
{
    private readonly ViewOptions _options;

    /// <exception cref="ConfigurationException">The options have faults.</exception>
    public ViewSampler(ViewOptions options)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        _options = options;
    }

    /// <summary>The teacher's and all students' views of one crop.</summary>
    /// <param name="subject">Where the crop is cut.</param>
    /// <param name="activeClasses">Foreground classes on which a crop may be centred.</param>
    /// <param name="random">Where every draw comes from.</param>
    public CropViews Draw(ISubjectVoxels subject, IReadOnlyList<int> activeClasses, RandomStream random)
    {
        var crop = DrawCrop(subject, activeClasses, random);
        var teacher = Augment(crop, _options.Teacher, _options.TeacherAugmentation, random);
        return new(teacher, [.. _options.Students.Select(extent => Augment(crop, extent, _options.StudentAugmentation, random))]);
    }

    /// <summary>One view of a crop, as the first student sees it: for supervised training.</summary>
    /// <inheritdoc cref="Draw"/>
    public View DrawSingle(ISubjectVoxels subject, IReadOnlyList<int> activeClasses, RandomStream random) =>
        Augment(DrawCrop(subject, activeClasses, random), _options.Students[0], _options.StudentAugmentation, random);

    private SubjectCrop DrawCrop(ISubjectVoxels subject, IReadOnlyList<int> activeClasses, RandomStream random)
    {
        var isCentred = random.Chance(_options.ForegroundFraction);
        var centre = isCentred ? ForegroundVoxel.Draw(subject, activeClasses, random, _options.ForegroundSampling) : null;
        var start = Extent.From(axis => Start(subject.Extent[axis], _options.Teacher[axis], centre?[axis], random));
        return SubjectCrop.Cut(subject, start, _options.Teacher);
    }

    /// <summary>First voxel along an axis; negative where the volume is shorter than the crop: ⌊missing/2⌋ is padded before it.</summary>
    internal static int Start(int volume, int crop, int? centre, RandomStream random)
    {
        if (volume <= crop) return -((crop - volume) / 2);
        return centre is { } voxel ? Math.Clamp(voxel - crop / 2, 0, volume - crop) : random.Integer(0, volume - crop + 1);
    }

    private static View Augment(SubjectCrop crop, Extent extent, AugmentationOptions options, RandomStream random)
    {
        var distorted = (float[])crop.Image.Clone();
        Distortion.Apply(distorted, crop.Extent, options, random);
        var affine = InPlaneAffine.Draw(options, random);
        var start = Extent.From(axis => random.Integer(0, crop.Extent[axis] - extent[axis] + 1));
        var sampler = new AffineSampler(affine, crop.Extent, (start.H, start.W, start.D), extent);
        var view = new View(new float[extent.Count], new byte[extent.Count], new float[3 * extent.Count], extent);
        sampler.Linear(distorted, view.Image);
        sampler.Nearest<byte>(crop.Labels, view.Labels);
        sampler.Coordinates(crop.Origin, view.Coordinates);
        return view;
    }
}
