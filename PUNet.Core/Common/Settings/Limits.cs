using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PUNet.Core.Common.Settings;

/// <summary>Keeps the numbers of a record of settings within what their properties state by <see cref="WithinAttribute"/>.</summary>
public static class Limits
{
    /// <summary>Why a setting that is a part of something has its ends.</summary>
    public const string Share = "it is a share, from 0 to 1";

    /// <summary>Why numbers that 32-bit arithmetic still sums and squares have an upper end.</summary>
    public const string Real = "the network computes in 32-bit numbers";

    /// <summary>The largest number that 32-bit arithmetic still sums and squares without overflow.</summary>
    public const double Large = 1e6;

    /// <summary>The numbers outside their limits, each once.</summary>
    /// <param name="settings">The record.</param>
    public static IReadOnlyList<Fault> Of(object settings) =>
        [.. settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(property => Outside(property, settings)).DistinctBy(fault => fault.ToString())];

    /// <summary>The numbers outside their limits; where all are inside, the faults of how they fit together.</summary>
    /// <param name="settings">The record.</param>
    /// <param name="rules">How its settings fit together; asked only where each is sound by itself.</param>
    public static IReadOnlyList<Fault> Of(object settings, Func<IEnumerable<Fault>> rules) =>
        Of(settings) is { Count: > 0 } faults ? faults : [.. rules()];

    /// <summary>What settings make together; computed in real numbers, which do not overflow.</summary>
    /// <param name="settings">Names of the settings.</param>
    /// <param name="number">How much they make.</param>
    /// <param name="unit">Of what.</param>
    /// <param name="highest">The most.</param>
    /// <param name="why">Why there is an upper end.</param>
    public static IEnumerable<Fault> Product(string[] settings, double number, string unit, double highest, string why) => number <= highest
        ? []
        : [new Fault(
            settings,
            FormattableString.Invariant($"{settings[0]} makes {number} {unit}"),
            FormattableString.Invariant($"it must be at most {highest}"),
            "", why)];

    private static IEnumerable<Fault> Outside(PropertyInfo property, object settings) =>
        property.GetCustomAttribute<WithinAttribute>() is { } limit
            ? Numbers(property.GetValue(settings)).Select(number => limit.Fault(SettingName.Of(property.Name), number)).OfType<Fault>()
            : [];

    private static IEnumerable<double> Numbers(object? value) => value switch
    {
        null => [],
        INumbers numbers => numbers.Numbers,
        IConvertible number => [number.ToDouble(CultureInfo.InvariantCulture)],
        ITuple items => Enumerable.Range(0, items.Length).SelectMany(i => Numbers(items[i])),
        IEnumerable items => items.Cast<object?>().SelectMany(Numbers),
        _ => throw new ArgumentException($"{value.GetType().Name} has no numbers to be limited.", nameof(value)),
    };
}
