using PUNet.Core.Common.Settings;

namespace PUNet.Core.Common;

/// <summary>A configuration with faults; carries all of them, not only the first.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    /// <summary>Each fault as a sentence with rule, given value and remedy.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;

    /// <summary>Throws if there is any fault.</summary>
    public static void ThrowIfAny(IEnumerable<Fault> faults) => ThrowIfAny(faults.Select(fault => fault.ToString()));

    /// <inheritdoc cref="ThrowIfAny(IEnumerable{Fault})"/>
    public static void ThrowIfAny(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        if (all.Count > 0) throw new ConfigurationException(all);
    }
}
