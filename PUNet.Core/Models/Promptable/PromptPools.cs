using PUNet.Core.Blocks;
using PUNet.Core.Blocks.Prompts;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Promptable;

/// <summary>All prompts of a network: a pair of pools for each encoder and decoder level, and the pool of the similarity aggregation.</summary>
internal sealed class PromptPools : nn.Module
{
    [ComponentName(Name = "encoder")] private readonly ModuleList<PromptPair> _encoder = new();
    [ComponentName(Name = "decoder")] private readonly ModuleList<PromptPair> _decoder = new();
    [ComponentName(Name = "similarity")] private readonly PromptPool _similarity;

    private readonly PromptPlacement _placement;

    public PromptPools(PromptableUNetConfiguration configuration, Initialisation initialisation) : base(nameof(PromptPools))
    {
        _placement = configuration.Placement;
        var channels = configuration.Channels;
        if (_placement is PromptPlacement.Full or PromptPlacement.Encoder)
            for (var level = 0; level < channels.Count; level++) _encoder.Add(Pair(level));
        if (_placement == PromptPlacement.Start) _encoder.Add(Pair(0));
        if (_placement is PromptPlacement.Full or PromptPlacement.Decoder)
            for (var level = 0; level < channels.Count - 1; level++) _decoder.Add(Pair(level));
        _similarity = new PromptPool(configuration.PoolSize, configuration.TokensPerClass, channels[0], initialisation);
        RegisterComponents();

        PromptPair Pair(int level) => new(configuration.PoolSize, configuration.TokensPerClass, channels[level], initialisation);
    }

    /// <summary>Pool of the similarity aggregation.</summary>
    public PromptPool Similarity => _similarity;

    /// <summary>Pools of an encoder level; null where the placement has none.</summary>
    public PromptPair? Encoder(int level) => level < _encoder.Count ? _encoder[level] : null;

    /// <summary>Pools of a decoder level; null where the placement has none.</summary>
    public PromptPair? Decoder(int level) => level < _decoder.Count ? _decoder[level] : null;
}
