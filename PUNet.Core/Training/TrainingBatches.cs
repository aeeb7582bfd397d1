using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;
using PUNet.Core.Data.Batches;
using PUNet.Core.Models;
using PUNet.Core.Training.Options;

namespace PUNet.Core.Training;

/// <summary>The batches of a training.</summary>
internal static class TrainingBatches
{
    /// <summary>Crops of the network's patches, with some of the classes active in each.</summary>
    /// <param name="recipe">How large batches are, where crops lie and how they are augmented.</param>
    /// <param name="network">Its patches.</param>
    /// <param name="students">How many of its students' patches a crop gives.</param>
    /// <param name="data">The subjects.</param>
    /// <param name="classes">Labels to draw the active ones from.</param>
    /// <param name="active">Fewest and most of them.</param>
    /// <param name="random">Where every draw comes from.</param>
    public static BatchSampler Of(
        TrainingRecipe recipe, NetworkConfiguration network, int students, TrainingData data,
        IReadOnlyList<int> classes, (int Fewest, int Most) active, RandomStream random)
    {
        var views = new ViewOptions
        {
            Teacher = network.TeacherPatch,
            Students = [.. new[] { network.StudentPatch, network.SecondStudentPatch }.Take(students)],
            ForegroundFraction = recipe.ForegroundFraction,
            ForegroundSampling = recipe.ForegroundSampling,
            StudentAugmentation = AugmentationOptions.Student.Scaled(recipe.AugmentationStrength).WithIntensities(recipe.IntensityAugmentation),
            TeacherAugmentation = AugmentationOptions.Teacher.Scaled(recipe.AugmentationStrength).WithIntensities(recipe.IntensityAugmentation),
        };
        var batch = new BatchOptions
        {
            BatchSize = recipe.BatchSize,
            CropsPerVolume = recipe.CropsPerVolume,
            Classes = classes,
            FewestActive = active.Fewest,
            MostActive = active.Most,
        };
        return new BatchSampler(data.Subjects, id => data[id], new ViewSampler(views), batch, random);
    }
}
