namespace PUNet.Core.Common;

/// <summary>In which floating-point numbers a training multiplies (method.md, section 4, "mixed precision on a GPU").</summary>
public enum ComputePrecision
{
    /// <summary>Everything in 32 bits.</summary>
    Single,

    /// <summary>
    /// Convolutions, linear layers and attention in bfloat16; parameters, normalisations, softmax, losses and the optimiser in 32 bits.
    /// Works on a CPU too, where it is slower.
    /// </summary>
    Bfloat16,

    /// <summary>The same in float16, with the loss scaled so that small gradients are not lost; on a GPU only.</summary>
    Float16,
}
