using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Parameters;

/// <summary>What a parameter is for; decides its learning rate and which adaptation trains it.</summary>
public enum ParameterRole
{
    /// <summary>Stem, encoder and decoder, content bias scores included.</summary>
    Body,

    /// <summary>Prompt tokens of one class in one pool.</summary>
    PromptTokens,

    /// <summary>Bias embeddings of the prompts of one class in one sub-block (E_p).</summary>
    PromptBiasTable,

    /// <summary>Weights of the prompts' bias scores of one sub-block (w_p), shared by the classes.</summary>
    PromptBiasWeight,

    /// <summary>The fixed output layer.</summary>
    FixedHead,

    /// <summary>The layer that gives a baseline's embedding; the prompt-able UNet's embedding is its features.</summary>
    EmbeddingHead,

    /// <summary>A bottleneck layer of a sub-block.</summary>
    Bottleneck,

    /// <summary>One of the two factors of a low-rank update.</summary>
    LowRank,
}
