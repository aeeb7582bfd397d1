using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models.Parameters;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines;

/// <summary>
/// A baseline: the architecture's features [B, F, H, W] at the image's resolution, and two heads BN → LeakyReLU → 1×1 convolution
/// on them, for the logits and for the embedding. Tensors have the names of the published implementation.
/// </summary>
public sealed class BaselineNetwork : SegmentationNetwork
{
    [ComponentName(Name = "net")] private readonly BaselineBody _net;
    [ComponentName(Name = "norm_seg")] private readonly BatchNorm2d _normSegmentation;
    [ComponentName(Name = "conv_seg")] private readonly PlaneConvolution _convSegmentation;
    [ComponentName(Name = "norm_emb")] private readonly BatchNorm2d _normEmbedding;
    [ComponentName(Name = "conv_emb")] private readonly PlaneConvolution _convEmbedding;

    /// <param name="configuration">Architecture and sizes.</param>
    /// <param name="initialisation">Draws the initial parameters; the same stream gives the same network.</param>
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    public BaselineNetwork(BaselineConfiguration configuration, RandomStream initialisation) : base(nameof(BaselineNetwork), configuration)
    {
        using var generator = initialisation.TorchGenerator();
        var draw = new Initialisation(generator);
        _net = configuration.CreateBody(draw);
        var features = configuration.OutputFeatures;
        _normSegmentation = nn.BatchNorm2d(features);
        _convSegmentation = new PlaneConvolution(features, configuration.FixedOutputChannels!.Value, 1, 1, true, draw);
        _normEmbedding = nn.BatchNorm2d(features);
        _convEmbedding = new PlaneConvolution(features, features, 1, 1, true, draw);
        RegisterComponents();
    }

    /// <inheritdoc/>
    private protected override NetworkOutput Compute(Tensor image, ActiveClasses active, bool promptsInBlocks)
    {
        Check(image, active);
        using var scope = NewDisposeScope();
        var features = _net.forward(image.squeeze(4)); // [B, F, H, W]
        var logits = _convSegmentation.forward(_normSegmentation.Normalise(features).LeakyReluInPlace(LeakySlope.Value)).unsqueeze(4);
        var embedding = _convEmbedding.forward(_normEmbedding.Normalise(features).LeakyReluInPlace(LeakySlope.Value)).unsqueeze(4);
        return new NetworkOutput(logits.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override ParameterRole RoleOf(string name)
    {
        if (Belongs("norm_seg.") || Belongs("conv_seg.")) return ParameterRole.FixedHead;
        return Belongs("norm_emb.") || Belongs("conv_emb.") ? ParameterRole.EmbeddingHead : ParameterRole.Body;

        bool Belongs(string layer) => name.StartsWith(layer, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override bool IsInDecoder(string name) => name.StartsWith("net.", StringComparison.Ordinal) && _net.IsInDecoder(name["net.".Length..]);

    private void Check(Tensor image, ActiveClasses active)
    {
        if (image.dim() != 5 || image.shape[1] != Configuration.InChannels || image.shape[4] != 1)
            throw new ArgumentException(
                $"An image batch is [B, {Configuration.InChannels}, H, W, 1], not [{string.Join(", ", image.shape)}].", nameof(image));
        if (active.Batch != image.shape[0])
            throw new ArgumentException($"Active classes are given for {active.Batch} elements, the batch has {image.shape[0]}.", nameof(active));
        _net.Check(image.shape[2], image.shape[3]);
    }
}
