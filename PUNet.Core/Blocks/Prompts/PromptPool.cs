using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Prompts;

/// <summary>The prompt tokens of every class at one place of the network: K tensors [T, C], so that a class is trained and kept on its own.</summary>
internal sealed class PromptPool : nn.Module
{
    public PromptPool(int poolSize, int tokens, int channels, Initialisation initialisation) : base(nameof(PromptPool))
    {
        for (var i = 0; i < poolSize; i++) register_parameter($"{i}", initialisation.XavierUniform(tokens, channels));
    }

    /// <summary>Tokens of a class, [T, C].</summary>
    public Parameter this[int @class] =>
        get_parameter($"{@class}") ?? throw new ArgumentOutOfRangeException(nameof(@class), @class, "No prompts of this class.");

    /// <summary>Tokens of some classes, [distinct, T, C].</summary>
    public Tensor Of(IEnumerable<int> classes) => stack(classes.Select(value => this[value]));
}
