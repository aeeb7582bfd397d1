using PUNet.Core.Blocks;
using PUNet.Core.Blocks.Attention;
using PUNet.Core.Blocks.Levels;
using PUNet.Core.Blocks.Prompts;
using PUNet.Core.Blocks.Windows;
using PUNet.Core.Common;
using PUNet.Core.Models.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Promptable;

/// <summary>
/// The prompt-able UNet (method.md, section 2): stem, five PSWin encoder levels, four decoder levels, and the similarity of
/// the embedding to the prompts of the active classes. Runs on one thread at a time.
/// </summary>
public sealed class PromptableUNet : SegmentationNetwork
{
    [ComponentName(Name = "stem")] private readonly Stem _stem;
    [ComponentName(Name = "position_code")] private readonly PositionCode? _positionCode;
    [ComponentName(Name = "encoder")] private readonly ModuleList<EncoderLevel> _encoder = new();
    [ComponentName(Name = "decoder")] private readonly ModuleList<DecoderLevel> _decoder = new();
    [ComponentName(Name = "prompts")] private readonly PromptPools _prompts;
    [ComponentName(Name = "logit_scale")] private readonly LogitScale? _logitScale;
    [ComponentName(Name = "fixed_head")] private readonly FixedHead? _fixedHead;

    private readonly PromptableUNetConfiguration _configuration;
    private readonly WindowTableCache _tables;

    /// <param name="configuration">Shape and computation.</param>
    /// <param name="initialisation">Draws the initial parameters; the same stream gives the same network.</param>
    /// <exception cref="ConfigurationException">The configuration has faults.</exception>
    public PromptableUNet(PromptableUNetConfiguration configuration, RandomStream initialisation) : base(nameof(PromptableUNet), configuration)
    {
        _configuration = configuration;
        using var generator = initialisation.TorchGenerator();
        var draw = new Initialisation(generator);
        var (channels, depth, semantics) = (configuration.Channels, configuration.StudentPatch.D, configuration.Semantics);
        _tables = new WindowTableCache(configuration.Window, semantics);
        var shape = new AttentionShape(semantics, configuration.BiasScoreShape(), configuration.Bottlenecks, configuration.LowRank);
        _stem = new Stem(configuration.InChannels, channels[0], LevelSampling.DepthKernel(depth), draw);
        if (configuration.BiasScores == BiasScores.Vit) _positionCode = new PositionCode(configuration.TeacherPatch, channels[0], draw);
        for (var level = 0; level < channels.Count; level++)
            _encoder.Add(new EncoderLevel(channels[Math.Max(level - 1, 0)], channels[level], LevelSampling.Of(level, depth), shape, _tables, draw));
        for (var level = 0; level < channels.Count - 1; level++)
            _decoder.Add(new DecoderLevel(channels[level + 1], channels[level], LevelSampling.Of(level + 1, depth), shape, _tables, draw));
        _prompts = new PromptPools(configuration, draw);
        if (configuration.LearnedLogitScale) _logitScale = new LogitScale(configuration.LogitScale);
        if (configuration.FixedOutputChannels is { } outputs) _fixedHead = new FixedHead(channels[0], outputs, draw);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override ParameterRole RoleOf(string name) => ParameterRoles.Of(name);

    /// <inheritdoc/>
    public override int? ClassOf(string name) => ParameterRoles.Class(name, _configuration.UniquePromptBias);

    /// <inheritdoc/>
    public override bool IsInDecoder(string name) => name.StartsWith("decoder.", StringComparison.Ordinal);

    /// <inheritdoc/>
    private protected override NetworkOutput Compute(Tensor image, ActiveClasses active, bool promptsInBlocks)
    {
        Check(image, active);
        using var scope = NewDisposeScope();
        var selection = promptsInBlocks && active.Count > 0 && _configuration.Placement != PromptPlacement.End
            ? new PromptSelection(active.Foreground(), image.device)
            : null;
        var embedding = Embed(image, selection);
        var maps = _fixedHead is not null ? _fixedHead.forward(embedding) : Similarities(embedding, active);
        var extent = new Extent((int)image.shape[2], (int)image.shape[3], (int)image.shape[4]);
        var logits = Upsampling.Linear(maps, new Extent(2, 2, 1), extent);
        return new NetworkOutput(logits.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }

    private Tensor Embed(Tensor image, PromptSelection? selection)
    {
        var content = _stem.forward(image);
        if (_positionCode is not null) content = _positionCode.forward(content);
        var skips = new List<Tensor>();
        for (var level = 0; level < _encoder.Count; level++)
            skips.Add(content = _encoder[level].forward(content, _prompts.Encoder(level), selection));
        for (var level = _decoder.Count - 1; level >= 0; level--)
            content = _decoder[level].forward(content, skips[level], _prompts.Decoder(level), selection);
        return content;
    }

    private Tensor Similarities(Tensor embedding, ActiveClasses active)
    {
        var selection = new PromptSelection(active.WithBackground(), embedding.device);
        var tokens = selection.Spread(_prompts.Similarity.Of(selection.Classes)); // [B, 1 + I, T, C_0]
        var maps = SimilarityMap.Of(embedding, tokens, _configuration.Semantics.SimilarityScale, _configuration.Aggregation);
        if (_logitScale is not null) return _logitScale.forward(maps);
        return _configuration.LogitScale == 1 ? maps : maps.Times(_configuration.LogitScale);
    }

    private void Check(Tensor image, ActiveClasses active)
    {
        if (image.dim() != 5 || image.shape[1] != Configuration.InChannels)
            throw new ArgumentException(
                $"An image batch is [B, {Configuration.InChannels}, H, W, D], not [{string.Join(", ", image.shape)}].", nameof(image));
        if (active.Batch != image.shape[0])
            throw new ArgumentException($"Active classes are given for {active.Batch} elements, the batch has {image.shape[0]}.", nameof(active));
        if (active.Largest >= _configuration.PoolSize)
            throw new ArgumentException(
                $"Class {active.Largest} has no prompts: the pools have classes 0 to {_configuration.PoolSize - 1}.", nameof(active));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _tables.Dispose();
        base.Dispose(disposing);
    }
}
