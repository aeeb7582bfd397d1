namespace PUNet.Core.Common.Settings;

/// <summary>The finite numbers that a setting takes, both ends included; of a list, an extent or a range each of its numbers.</summary>
/// <param name="lowest">The lower end.</param>
/// <param name="highest">The upper end.</param>
/// <param name="why">Why there is an upper end.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WithinAttribute(double lowest, double highest, string why) : Attribute
{
    /// <summary>The lower end.</summary>
    public double Lowest { get; } = lowest;

    /// <summary>The upper end.</summary>
    public double Highest { get; } = highest;

    /// <summary>Why there is an upper end.</summary>
    public string Why { get; } = why;

    /// <summary>Whether the lowest itself is refused.</summary>
    public bool IsAbove { get; init; }

    /// <summary>Why there is a lower end, where that does not speak for itself.</summary>
    public string WhyLowest { get; init; } = "";

    /// <summary>What is wrong with a number of the setting; null where it is inside.</summary>
    public Fault? Fault(string setting, double number)
    {
        if (double.IsFinite(number) && (IsAbove ? number > Lowest : number >= Lowest) && number <= Highest) return null;
        var (rule, why) = Broken(number);
        return new Fault(setting, FormattableString.Invariant($"{setting} is {number}"), rule, "", why);
    }

    private (string Rule, string Why) Broken(double number)
    {
        if (!double.IsFinite(number)) return ("it must be a finite number", "");
        if (Lowest == 0 && Highest == 1) return (Why, "");
        if (number > Highest) return (FormattableString.Invariant($"it must be at most {Highest}"), Why);
        if (IsAbove) return (FormattableString.Invariant($"it must be above {Lowest}"), WhyLowest);
        if (Lowest == 0) return ("it must not be negative", WhyLowest);
        return (FormattableString.Invariant($"it must be at least {Lowest}"), WhyLowest);
    }
}
