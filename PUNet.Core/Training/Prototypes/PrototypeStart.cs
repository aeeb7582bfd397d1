using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Prototypes;

/// <summary>
/// First tokens of new classes in the similarity aggregation: centroids of the backbone's embedding inside each class, as prototype networks have
/// them (Snell et al., 2017). Deviation: the paper starts from random tokens.
/// </summary>
internal static class PrototypeStart
{
    private const int Crops = 64;
    private const int Vectors = 8192;

    /// <summary>Sets the classes' tokens; the other pools must have theirs already, as the blocks see them.</summary>
    /// <param name="recipe">Batches and seed; crops lie on the class and are not augmented.</param>
    /// <param name="card">Of the backbone.</param>
    /// <param name="data">The training subjects.</param>
    /// <param name="network">The backbone's; its mode is what it was.</param>
    /// <param name="newClasses">Labels, each with a voxel in some subject.</param>
    public static void Take(TrainingRecipe recipe, ModelCard card, TrainingData data, SegmentationNetwork network, IReadOnlyList<int> newClasses)
    {
        using var noGradients = no_grad();
        var training = network.training;
        network.eval();
        foreach (var label in newClasses)
        {
            using var scope = NewDisposeScope();
            if (Inside(recipe, card, data, network, label) is not { } vectors) continue;
            var tokens = ParameterGroups.Of(network).Single(parameter => parameter.Name == ParameterRoles.SimilarityTokens(label)).Value;
            tokens.copy_(SphericalClusters.Of(vectors, (int)tokens.shape[0]));
        }
        network.train(training);
    }

    /// <summary>Embedding vectors of the class [N, C]; null where the crops show none of it.</summary>
    private static Tensor? Inside(TrainingRecipe recipe, ModelCard card, TrainingData data, SegmentationNetwork network, int label)
    {
        var random = new RandomStream(recipe.Seed, $"adaptation/prototypes/{label}");
        var drawn = recipe with { AugmentationStrength = 0, ForegroundFraction = 1 };
        var batches = TrainingBatches.Of(drawn, card.Network, 1, data, [label], (1, 1), random);
        var found = new List<Tensor>();
        for (var batch = 0; batch * recipe.BatchSize < Crops && found.Sum(vectors => vectors.shape[0]) < Vectors; batch++)
        {
            using var crops = batches.Supervised(batch).MoveTo(network.Place.Device);
            using var scope = NewDisposeScope();
            var embedding = network.forward(crops.View.Image, crops.Active, card.PromptsInBlocks).Embedding; // [B, C, h, w, D]
            long[] extent = embedding.shape[2..];
            var whole = crops.View.Labels.unsqueeze(1).to_type(ScalarType.Float32); // [B, 1, H, W, D]
            var labels = nn.functional.interpolate(whole, extent, mode: InterpolationMode.Nearest);
            var inside = labels.flatten().eq(TensorArithmetic.Whole(label)); // [B·h·w·D]
            var vectors = embedding.permute(0, 2, 3, 4, 1).reshape(-1, embedding.shape[1]); // [B·h·w·D, C]
            var chosen = vectors.index_select(0, inside.nonzero().squeeze(1)).to_type(ScalarType.Float32);
            if (chosen.shape[0] > 0) found.Add(chosen.MoveToOuterDisposeScope());
        }
        return found.Count == 0 ? null : cat(found);
    }
}
