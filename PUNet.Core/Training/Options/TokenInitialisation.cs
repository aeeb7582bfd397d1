namespace PUNet.Core.Training.Options;

/// <summary>What the new class's tokens start from.</summary>
public enum TokenInitialisation
{
    /// <summary>Random numbers, as before a pre-training.</summary>
    Random,

    /// <summary>The mean of the base classes' tokens.</summary>
    MeanOfBase,

    /// <summary>
    /// In the similarity aggregation, the centroids of the backbone's embedding inside the class on training crops; in the blocks the mean of
    /// the base classes' tokens, where there are base classes.
    /// </summary>
    Prototypes,
}
