namespace PUNet.Core.Models.Adaptation;

/// <summary>What is trained when a backbone is adapted to new classes (method.md, section 4).</summary>
public enum AdaptationVariant
{
    /// <summary>The new class's prompt tokens in every pool, and its bias scores.</summary>
    Prompting,

    /// <summary>Everything: the body and the new class's tokens.</summary>
    Full,

    /// <summary>The fixed output layer only.</summary>
    Fixed,

    /// <summary>Decoder and fixed output layer.</summary>
    Decoder,

    /// <summary>Every bias and normalisation parameter of the body, and the fixed output layer.</summary>
    Bias,

    /// <summary>Bottlenecks in every attention block, and the fixed output layer.</summary>
    Bottlenecks,

    /// <summary>Biases and normalisation parameters of the body, and prompting.</summary>
    BiasPrompting,
}
