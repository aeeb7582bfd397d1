namespace PUNet.Core.Inference;

/// <summary>Weights of overlapping windows (method.md, section 6).</summary>
public enum Blending
{
    /// <summary>Every position counts the same.</summary>
    Constant,

    /// <summary>A separable Gaussian, σ an eighth of the window.</summary>
    Gaussian,
}
