using PUNet.Core.Models.Adaptation;

namespace PUNet.Core.Addition;

/// <summary>What came of adding an organ.</summary>
/// <param name="Card">Of the adapter.</param>
/// <param name="Learned">Names of the scans that it was learned from.</param>
/// <param name="HeldOut">Dice in percent of each scan that was held out; none where there was one scan alone.</param>
public sealed record AddedOrgan(AdapterCard Card, IReadOnlyList<string> Learned, IReadOnlyList<(string Scan, double? Dice)> HeldOut);
