namespace PUNet.Core.Inference;

/// <summary>Dice of one class over the subjects that have it.</summary>
/// <param name="Label">Its label in the prepared dataset.</param>
/// <param name="Name">Its name.</param>
/// <param name="Subjects">How many of the scored subjects have it; 0: it is absent and has no score.</param>
/// <param name="MeanDice">In percent; null where no subject has it.</param>
/// <param name="DeviationDice">Standard deviation over subjects (n − 1), in percent; null where fewer than two have it.</param>
public sealed record ClassScore(int Label, string Name, int Subjects, double? MeanDice, double? DeviationDice)
{
    /// <summary>From the Dice (0–1) of each subject that has the class.</summary>
    public static ClassScore Of(int label, string name, IReadOnlyList<double> dice) =>
        new(label, name, dice.Count, Statistics.Mean(dice) * 100, Statistics.Deviation(dice) * 100);
}
