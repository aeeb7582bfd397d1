namespace PUNet.Core.Training.Options;

/// <summary>What the new class's tokens start from.</summary>
public enum TokenInitialisation
{
    /// <summary>Random numbers, as before a pre-training.</summary>
    Random,

    /// <summary>The mean of the base classes' tokens.</summary>
    MeanOfBase,
}
