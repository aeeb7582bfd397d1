using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using PUNet.Core.Training;
using PUNet.Core.Training.Options;
using PUNet.Core.Training.Prototypes;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Training.Prototypes;

public sealed class PrototypeTests(PhantomWorkplace workplace) : IClassFixture<PhantomWorkplace>
{
    [Fact]
    public void Clusters_of_separate_directions_are_these_directions_whatever_the_lengths()
    {
        using var scope = NewDisposeScope();
        using var generator = new RandomStream(1, "clusters").TorchGenerator();
        var directions = eye(5).narrow(0, 0, 3); // [3, 5]
        var lengths = rand([90, 1], generator: generator) + 0.5;
        var noise = randn([90, 5], generator: generator) * 0.01;
        var vectors = (directions.repeat(30, 1) + noise) * lengths;
        var centroids = SphericalClusters.Of(vectors, 3);
        var cosine = centroids.mm(directions.transpose(0, 1)); // [3, 3]
        Assert.InRange(cosine.amax([0]).min().item<float>(), 0.999f, 1.001f);
        Assert.Equal([0L, 1, 2], cosine.argmax(1).data<long>().ToArray().Order());
    }

    [Fact]
    public void Fewer_vectors_than_clusters_give_the_vectors()
    {
        using var scope = NewDisposeScope();
        var centroids = SphericalClusters.Of(tensor(new float[,] { { 0, 2, 0 } }), 4);
        Assert.True(centroids.Equals(tensor(new float[,] { { 0, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 } })));
    }

    [Fact]
    public void New_tokens_of_the_similarity_are_closer_to_their_class_than_random_ones_and_nothing_else_changes()
    {
        using var scope = NewDisposeScope();
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        var (network, card) = ModelFolder.LoadBackbone(folders.Output, CPU);
        using var _ = network;
        NewClassPrompts.DrawRandom(network, [2], new RandomStream(1, "start"));
        var data = TrainingData.Load(workplace.Prepared, card.Normalisation, [2]);
        var before = NetworkState.Of(network).ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        network.train();
        PrototypeStart.Take(PhantomWorkplace.Adaptation.Recipe, card, data, network, [2]);
        Assert.True(network.training);
        var changed = NetworkState.Of(network).Where(entry => !entry.Value.Equals(before[entry.Key])).Select(entry => entry.Key);
        Assert.Equal(["prompts.similarity.2"], changed);
        var tokens = NetworkState.Of(network)["prompts.similarity.2"];
        Assert.InRange((tokens.norm(1) - 1).abs().max().item<float>(), 0, 1e-5f);
        Assert.True(Similarity(tokens) > Similarity(before["prompts.similarity.2"]));

        // mean over voxels of the class of the cosine to the most similar token
        float Similarity(Tensor own)
        {
            var batches = TrainingBatches.Of(
                PhantomWorkplace.Adaptation.Recipe with { ForegroundFraction = 1, AugmentationStrength = 0 }, card.Network, 1, data, [2], (1, 1),
                new RandomStream(3, "others"));
            using var batch = batches.Supervised(0);
            using (no_grad())
            {
                network.eval();
                var embedding = network.forward(batch.View.Image, batch.Active, card.PromptsInBlocks).Embedding;
                var inside = batch.View.Labels.slice(1, 0, batch.View.Labels.shape[1], 2).slice(2, 0, batch.View.Labels.shape[2], 2).eq(2).flatten();
                var vectors = nn.functional.normalize(embedding.permute(0, 2, 3, 4, 1).reshape(-1, embedding.shape[1]), dim: 1);
                return vectors.index_select(0, inside.nonzero().squeeze(1)).mm(nn.functional.normalize(own, dim: 1).transpose(0, 1)).amax([1])
                    .mean().item<float>();
            }
        }
    }

    [Theory]
    [InlineData(AdaptationVariant.PromptTune)]
    [InlineData(AdaptationVariant.FineTune)]
    public void A_background_of_the_class_s_own_is_tuned_stored_and_taken_off_again(AdaptationVariant variant)
    {
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        var options = PhantomWorkplace.Adaptation with
        {
            Variant = variant,
            OwnBackground = true,
            WeightAverage = 0.5,
            InitialTokens = TokenInitialisation.Prototypes,
        };
        var adapter = workplace.Adapt(options, folders.Output);
        Assert.True(AdapterCard.Read(adapter).OwnBackground);
        using var plain = AdaptedModel.Load(folders.Output, null, CPU);
        using var tuned = AdaptedModel.Load(folders.Output, adapter, CPU);
        const string background = "prompts.similarity.0";
        var own = NetworkState.Of(plain.Parts[0].Network)[background];
        using (tuned.Parts[0].LayOn()) Assert.False(NetworkState.Of(tuned.Parts[0].Network)[background].Equals(own));
        Assert.True(NetworkState.Of(tuned.Parts[0].Network)[background].Equals(own));
    }
}
