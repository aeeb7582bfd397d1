using System.Text.RegularExpressions;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Baselines;
using PUNet.Core.Models.Parameters;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Models.Baselines;

public sealed class BaselineNetworkTests
{
    public static TheoryData<string> Architectures { get; } = [.. SmallBaselines.All.Keys];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Logits_and_embedding_have_the_resolution_of_every_view(string architecture)
    {
        using var scope = NewDisposeScope();
        var configuration = SmallBaselines.All[architecture].ForClasses(2);
        using var network = SegmentationNetwork.Build(configuration, new RandomStream(1, "initialisation"));
        foreach (var patch in new[] { configuration.StudentPatch, configuration.SecondStudentPatch, configuration.TeacherPatch })
        {
            var output = network.forward(rand([2, 1, patch.H, patch.W, 1]), ActiveClasses.Same(2, 1, 2));
            Assert.Equal([2, 3, patch.H, patch.W, 1], output.Logits.shape);
            Assert.Equal([2, 6, patch.H, patch.W, 1], output.Embedding.shape);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Each_head_has_a_gradient_from_its_own_output_only_and_the_body_from_both(string architecture)
    {
        using var scope = NewDisposeScope();
        var patch = SmallBaselines.All[architecture].StudentPatch;
        Assert.Equal([ParameterRole.Body, ParameterRole.FixedHead], Reached(output => output.Logits));
        Assert.Equal([ParameterRole.Body, ParameterRole.EmbeddingHead], Reached(output => output.Embedding));

        List<ParameterRole> Reached(Func<NetworkOutput, Tensor> read)
        {
            using var network = SmallBaselines.Network(SmallBaselines.All[architecture]);
            read(network.forward(rand([2, 1, patch.H, patch.W, 1]), ActiveClasses.None(2))).square().sum().backward();
            return [.. ParameterGroups.Of(network).Where(parameter => parameter.Value.grad is { } gradient && gradient.abs().sum().item<float>() > 0)
                .Select(parameter => parameter.Role).Distinct().Order()];
        }
    }

    [Theory]
    [InlineData("unet", @"^net\.model\.(1\.submodule\.)*2\.", @"\.N\.weight$")]
    [InlineData("unetr", @"^net\.(decoder[2-5]|out)\.", @"norm\d?\.weight$")]
    [InlineData("swin_unetr", @"^net\.(decoder[1-5]|out)\.", @"norm\d?\.weight$")]
    public void Each_variant_trains_its_row_of_the_table(string architecture, string decoder, string norm)
    {
        using var network = SmallBaselines.Network(SmallBaselines.All[architecture]);
        var names = network.named_parameters().Select(item => item.name).ToList();
        const string head = @"^(norm|conv)_seg\.";
        Expect(AdaptationVariant.TuneOutput, name => Is(name, head));
        Expect(AdaptationVariant.TuneDecoder, name => Is(name, head) || Is(name, decoder));
        Expect(AdaptationVariant.TuneBiases, name => Is(name, head) || (Is(name, "^net") && (name.EndsWith(".bias") || Is(name, norm))));
        Expect(AdaptationVariant.TuneNorms, name => Is(name, head) || (Is(name, "^net") && Is(name.Replace(".bias", ".weight"), norm)));
        Expect(AdaptationVariant.FineTune, name => !Is(name, @"^(norm|conv)_emb\."));

        void Expect(AdaptationVariant variant, Predicate<string> trained) =>
            Assert.Equal(names.FindAll(trained).Order(), ParameterGroups.Trained(network, variant, [3]).Select(parameter => parameter.Name).Order());

        static bool Is(string name, string pattern) => Regex.IsMatch(name, pattern);
    }

    [Theory]
    [InlineData(AdaptationVariant.PromptTune, "prompts to tune")]
    [InlineData(AdaptationVariant.TuneBiasesAndPrompts, "prompts to tune")]
    [InlineData(AdaptationVariant.TuneBottlenecks, "attention blocks for bottlenecks")]
    [InlineData(AdaptationVariant.TuneLowRank, "place for low-rank updates")]
    public void Variants_of_prompts_and_added_layers_are_refused_with_the_reason(AdaptationVariant variant, string lacking)
    {
        var reason = $"UNETR has no {lacking}; adapt it by fineTune, tuneOutput, tuneDecoder, tuneBiases or tuneNorms.";
        Assert.Equal([reason], SmallBaselines.Unetr.AdaptationFaults(variant).Select(fault => fault.ToString()));
        using var network = SmallBaselines.Network(SmallBaselines.Unetr);
        Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => ParameterGroups.Trained(network, variant, [1])).Message);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_step_leaves_no_tensor_behind(string architecture)
    {
        using var network = SmallBaselines.Network(SmallBaselines.All[architecture]);
        var patch = network.Configuration.StudentPatch;
        long Step()
        {
            using (var scope = NewDisposeScope())
            {
                var output = network.forward(rand([2, 1, patch.H, patch.W, 1]), ActiveClasses.None(2));
                output.Logits.sum().Plus(output.Embedding.sum()).backward();
            }
            return TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Step();
        var after = Step();
        for (var i = 0; i < 3; i++) Assert.Equal(after, Step());
    }

    [Fact]
    public void A_smaller_slice_takes_the_centre_of_the_position_code()
    {
        using var scope = NewDisposeScope();
        using var network = SmallBaselines.Network(SmallBaselines.Unetr); // the code has 4 × 3 places
        var image = rand([1, 1, 32, 16, 1]);
        network.eval();
        using var noGradients = no_grad();
        var before = network.forward(image, ActiveClasses.None(1)).Embedding;
        var code = network.named_parameters().Single(item => item.name == "net.vit.patch_embedding.position_embeddings").parameter.view(4, 3, -1);
        code[0].add_(1);
        code[3].add_(1);
        code.select(1, 0).add_(1);
        code.select(1, 2).add_(1);
        Assert.True(network.forward(image, ActiveClasses.None(1)).Embedding.Equals(before));
        code.select(0, 2).narrow(0, 1, 1).add_(1);
        Assert.False(network.forward(image, ActiveClasses.None(1)).Embedding.Equals(before));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_card_brings_back_architecture_and_sizes(string architecture)
    {
        using var folder = new TemporaryFolder();
        var card = new ModelCard
        {
            Network = SmallBaselines.All[architecture],
            Classes = ["liver"],
            BaseClasses = [1],
            PromptsInBlocks = true,
            Normalisation = Normalisation.Paper,
        };
        var path = Directory.CreateDirectory(folder.File("model")).FullName;
        card.Write(path);
        Assert.Contains($"\"architecture\": \"{architecture}\"", File.ReadAllText(Path.Combine(path, "model.json")));
        using var written = SmallBaselines.Network(SmallBaselines.All[architecture]);
        using var read = SegmentationNetwork.Build(ModelCard.Read(path).Network, new RandomStream(1, "initialisation"));
        foreach (var (name, value) in NetworkState.Of(written)) Assert.True(value.Equals(NetworkState.Of(read)[name]), name);
    }

    [Fact]
    public void Slices_and_volumes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        using var unetr = SmallBaselines.Network(SmallBaselines.Unetr);
        using var swin = SmallBaselines.Network(SmallBaselines.SwinUnetr);
        Refused(unetr, [1, 1, 40, 48, 1], "multiples of 16 voxels, not 40×48");
        Refused(unetr, [1, 1, 96, 48, 1], "up to the teacher's patch, 64×48 voxels; 96×48 is larger");
        Refused(unetr, [1, 1, 48, 48, 2], "is [B, 1, H, W, 1], not [1, 1, 48, 48, 2]");
        Refused(swin, [1, 1, 32, 64, 1], "at least 64 voxels along both axes, not 32×64");

        static void Refused(BaselineNetwork network, long[] shape, string message) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => network.forward(zeros(shape), ActiveClasses.None(1))).Message);
    }
}
