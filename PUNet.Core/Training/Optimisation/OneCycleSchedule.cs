namespace PUNet.Core.Training.Optimisation;

/// <summary>
/// One-cycle policy (method.md, section 4; there per epoch): the rate rises from a twentieth of its highest value until epoch
/// e₁ = 0.1 N − 1 and falls back until e₂ = N − 1, along cosines; β₁ mirrors it between 0.95 and 0.85. Below 10 epochs there is
/// no rise (e₁ &lt; 0), and the fall begins at e₁.
/// </summary>
public sealed class OneCycleSchedule
{
    private const double LowestShare = 1.0 / 20;
    private const double HighestBeta = 0.95;
    private const double LowestBeta = 0.85;
    private const double RisingShare = 0.1;
    private readonly long _epochs;

    /// <param name="epochs">N, epochs of the whole training.</param>
    public OneCycleSchedule(long epochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        _epochs = epochs;
    }

    /// <summary>Learning rate of an epoch (from 0) for a group whose highest rate is given.</summary>
    public double Rate(long epoch, double highest) => highest * (LowestShare + (1 - LowestShare) * Height(epoch));

    /// <summary>AdamW's β₁ of an epoch (from 0).</summary>
    public double Beta1(long epoch) => HighestBeta + (LowestBeta - HighestBeta) * Height(epoch);

    /// <summary>0 at the ends of the cycle, 1 at its top.</summary>
    private double Height(long epoch)
    {
        if (epoch < 0 || epoch >= _epochs)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"Epochs or steps of this schedule run from 0 to {_epochs - 1}.");
        var (top, end) = (RisingShare * _epochs - 1, _epochs - 1.0);
        var rising = epoch < top;
        var part = rising ? epoch / top : (epoch - top) / (end - top);
        return (1 - Math.Cos(Math.PI * (rising ? part : 1 - part))) / 2;
    }
}
