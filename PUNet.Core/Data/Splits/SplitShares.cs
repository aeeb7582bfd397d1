namespace PUNet.Core.Data.Splits;

/// <summary>Shares of the subjects (0–1) in the three parts; they sum to 1. Default: the paper's 70/10/20.</summary>
/// <param name="Train">Training.</param>
/// <param name="Validation">Validation.</param>
/// <param name="Test">Test.</param>
public sealed record SplitShares(double Train = 0.7, double Validation = 0.1, double Test = 0.2)
{
    private const double Rounding = 1e-9;

    /// <summary>All faults of these shares, each a sentence; empty where they are sound.</summary>
    public IEnumerable<string> Faults()
    {
        if (!(Train > 0) || !(Validation >= 0) || !(Test >= 0))
            yield return FormattableString.Invariant(
                $"A split's shares are not negative, and train's is positive; given train {Train}, validation {Validation}, test {Test}.");
        else if (Math.Abs(Train + Validation + Test - 1) > 1e-6)
            yield return FormattableString.Invariant(
                $"A split's shares must sum to 1; train {Train}, validation {Validation} and test {Test} sum to {Train + Validation + Test:0.####}.");
    }

    /// <summary>
    /// ⌈share · n⌉ for test, then ⌈share of the rest · rest⌉ for validation; products count as whole where only rounding
    /// keeps them from it.
    /// </summary>
    internal (int Test, int Validation) Sizes(int n)
    {
        var test = (int)Math.Ceiling(n * Test - Rounding);
        var validation = (int)Math.Ceiling((n - test) * Validation / (Train + Validation) - Rounding);
        return (test, validation);
    }
}
