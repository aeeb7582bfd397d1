using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Prompts;

/// <summary>The prompt pools of the two sub-blocks of a level.</summary>
internal sealed class PromptPair : nn.Module
{
    [ComponentName(Name = "windowed")] private readonly PromptPool _windowed;
    [ComponentName(Name = "shifted")] private readonly PromptPool _shifted;

    public PromptPair(int poolSize, int tokens, int channels, Initialisation initialisation) : base(nameof(PromptPair))
    {
        _windowed = new PromptPool(poolSize, tokens, channels, initialisation);
        _shifted = new PromptPool(poolSize, tokens, channels, initialisation);
        RegisterComponents();
    }

    /// <summary>Prompts of the windowed sub-block.</summary>
    public PromptPool Windowed => _windowed;

    /// <summary>Prompts of the shifted sub-block.</summary>
    public PromptPool Shifted => _shifted;
}
