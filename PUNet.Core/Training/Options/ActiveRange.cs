using PUNet.Core.Common.Settings;

namespace PUNet.Core.Training.Options;

/// <summary>Rule of the fewest and most classes that are active in a sample.</summary>
internal static class ActiveRange
{
    /// <summary>What is wrong with a range out of so many classes; null where it is sound, or where there is no class.</summary>
    public static Fault? Fault((int Fewest, int Most) range, int count, string what)
    {
        if (count == 0 || (range.Fewest >= 1 && range.Most >= range.Fewest && range.Most <= count)) return null;
        return new Fault(
            "active_classes", "active_classes is out of range", $"from 1 to the number of {what} classes ({count}), the smaller first",
            $"({range.Fewest}, {range.Most})");
    }
}
