namespace PUNet.Core.Models.Adaptation;

/// <summary>What is trained when a backbone is adapted to new classes (method.md, section 4); each member is the keyword of the language.</summary>
public enum AdaptationVariant
{
    /// <summary>The new class's prompt tokens in every pool, and its bias scores.</summary>
    PromptTune,

    /// <summary>Everything: the body and the new class's tokens.</summary>
    FineTune,

    /// <summary>The fixed output layer only.</summary>
    TuneOutput,

    /// <summary>Decoder and fixed output layer.</summary>
    TuneDecoder,

    /// <summary>Every bias and normalisation parameter of the body, and the fixed output layer.</summary>
    TuneBiases,

    /// <summary>Bottlenecks in every attention block, and the fixed output layer.</summary>
    TuneBottlenecks,

    /// <summary>Biases and normalisation parameters of the body, and prompting.</summary>
    TuneBiasesAndPrompts,

    /// <summary>
    /// Low-rank updates of the attention's projections and of the encoder's skips (LoRA; Hu et al. 2021), and the fixed output layer. Not in
    /// the paper.
    /// </summary>
    TuneLowRank,

    /// <summary>Scale and shift of every normalisation of the body, and the fixed output layer. Not in the paper.</summary>
    TuneNorms,
}
