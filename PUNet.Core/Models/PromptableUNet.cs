using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models;

/// <summary>
/// The prompt-able UNet (method.md, section 2): stem, five PSWin encoder levels, four decoder levels, and the similarity of
/// the embedding to the prompts of the active classes. Runs on one thread at a time.
/// </summary>
public sealed class PromptableUNet : nn.Module
{
    [ComponentName(Name = "stem")] private readonly Stem _stem;
    [ComponentName(Name = "position_code")] private readonly PositionCode? _positionCode;
    [ComponentName(Name = "encoder")] private readonly ModuleList<EncoderLevel> _encoder = new();
    [ComponentName(Name = "decoder")] private readonly ModuleList<DecoderLevel> _decoder = new();
    [ComponentName(Name = "prompts")] private readonly PromptPools _prompts;
    [ComponentName(Name = "fixed_head")] private readonly FixedHead? _fixedHead;

    private readonly WindowTableCache _tables;

    /// <param name="configuration">Shape and computation.</param>
    /// <param name="initialisation">Draws the initial parameters; the same stream gives the same network.</param>
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    public PromptableUNet(PromptableUNetConfiguration configuration, RandomStream initialisation) : base(nameof(PromptableUNet))
    {
        ConfigurationException.ThrowIfAny(configuration.Validate());
        Configuration = configuration;
        using var generator = initialisation.TorchGenerator();
        var draw = new Initialisation(generator);
        var (channels, depth, semantics) = (configuration.Channels, configuration.StudentPatch.D, configuration.Semantics);
        _tables = new WindowTableCache(configuration.Window, semantics);
        var shape = new AttentionShape(semantics, configuration.BiasScoreShape(), configuration.Adapters);
        _stem = new Stem(configuration.InChannels, channels[0], LevelSampling.DepthKernel(depth), draw);
        if (configuration.BiasScores == BiasScores.Vit) _positionCode = new PositionCode(configuration.TeacherPatch, channels[0], draw);
        for (var level = 0; level < channels.Count; level++)
            _encoder.Add(new EncoderLevel(channels[Math.Max(level - 1, 0)], channels[level], LevelSampling.Of(level, depth), shape, _tables, draw));
        for (var level = 0; level < channels.Count - 1; level++)
            _decoder.Add(new DecoderLevel(channels[level + 1], channels[level], LevelSampling.Of(level + 1, depth), shape, _tables, draw));
        _prompts = new PromptPools(configuration, draw);
        if (configuration.FixedOutputChannels is { } outputs) _fixedHead = new FixedHead(channels[0], outputs, draw);
        RegisterComponents();
    }

    /// <summary>What the network was built from.</summary>
    public PromptableUNetConfiguration Configuration { get; }

    /// <summary>
    /// Keeps the statistics of every normalisation whose parameters are frozen, also while training, so that a frozen
    /// backbone stays bit-identical. Deviation: the published implementation lets them follow the training data.
    /// Takes effect with the next <see cref="train"/>.
    /// </summary>
    public bool FreezeStatistics { get; set; }

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        base.train(train);
        if (!train || !FreezeStatistics) return;
        foreach (var norm in modules().OfType<BatchNorm3d>())
            if (!norm.weight.requires_grad) norm.eval();
    }

    /// <summary>Segments a batch of patches.</summary>
    /// <param name="image">[B, C_in, H, W, D], float, intensities in [−1, 1].</param>
    /// <param name="active">The active classes of the B elements.</param>
    /// <param name="selfSupervisedOnly">No prompts in the attention blocks; also for adaptations with the fixed output layer.</param>
    /// <returns>Logits at the image's size and the embedding; the caller disposes them or has a scope.</returns>
    /// <exception cref="ArgumentException">Image and active classes do not fit each other or the configuration.</exception>
    public NetworkOutput Forward(Tensor image, ActiveClasses active, bool selfSupervisedOnly = false)
    {
        Check(image, active);
        using var scope = NewDisposeScope();
        var selection = selfSupervisedOnly || active.Count == 0 || Configuration.Placement == PromptPlacement.End
            ? null
            : new PromptSelection(active.Foreground(), image.device);
        var embedding = Embed(image, selection);
        var maps = _fixedHead is not null ? _fixedHead.Forward(embedding) : Similarities(embedding, active);
        var extent = new Extent((int)image.shape[2], (int)image.shape[3], (int)image.shape[4]);
        var logits = Upsampling.Linear(maps, new Extent(2, 2, 1), extent);
        return new NetworkOutput(logits.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }

    private Tensor Embed(Tensor image, PromptSelection? selection)
    {
        var content = _stem.Forward(image);
        if (_positionCode is not null) content = _positionCode.Forward(content);
        var skips = new List<Tensor>();
        for (var level = 0; level < _encoder.Count; level++)
            skips.Add(content = _encoder[level].Forward(content, _prompts.Encoder(level), selection));
        for (var level = _decoder.Count - 1; level >= 0; level--)
            content = _decoder[level].Forward(content, skips[level], _prompts.Decoder(level), selection);
        return content;
    }

    private Tensor Similarities(Tensor embedding, ActiveClasses active)
    {
        var selection = new PromptSelection(active.WithBackground(), embedding.device);
        var tokens = selection.Spread(_prompts.Similarity.Of(selection.Classes)); // [B, 1 + I, T, C_0]
        return SimilarityMap.Of(embedding, tokens, Configuration.Semantics.SimilarityScale, Configuration.Aggregation);
    }

    private void Check(Tensor image, ActiveClasses active)
    {
        if (image.dim() != 5 || image.shape[1] != Configuration.InChannels)
            throw new ArgumentException($"An image batch is [B, {Configuration.InChannels}, H, W, D], not [{string.Join(", ", image.shape)}].", nameof(image));
        if (active.Batch != image.shape[0])
            throw new ArgumentException($"Active classes are given for {active.Batch} elements, the batch has {image.shape[0]}.", nameof(active));
        if (active.Largest >= Configuration.PoolSize)
            throw new ArgumentException($"Class {active.Largest} has no prompts: the pools have classes 0 to {Configuration.PoolSize - 1}.", nameof(active));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _tables.Dispose();
        base.Dispose(disposing);
    }
}
