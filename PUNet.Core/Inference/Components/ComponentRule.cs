namespace PUNet.Core.Inference.Components;

/// <summary>Which connected components of a class's mask are kept.</summary>
public enum ComponentRule
{
    /// <summary>All: the mask is the network's.</summary>
    All,

    /// <summary>The largest alone, of every class: right for organs that are in one piece.</summary>
    Largest,

    /// <summary>
    /// The largest alone of each class whose mean Dice on the validation part is higher so, as nnU-Net decides it (Isensee et al., 2021). All
    /// where the validation part itself is scored, or is empty.
    /// </summary>
    ByValidation,
}
