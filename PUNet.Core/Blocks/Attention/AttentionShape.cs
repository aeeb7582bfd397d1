namespace PUNet.Core.Blocks.Attention;

/// <summary>What all attention blocks of a network have in common.</summary>
/// <param name="Semantics">Paper or reference, row by row.</param>
/// <param name="BiasScores">Heads and bias tables.</param>
/// <param name="Bottlenecks">Whether every sub-block ends in a bottleneck.</param>
/// <param name="LowRank">Rank of the updates of the attention's projections; null: none.</param>
internal sealed record AttentionShape(AttentionSemantics Semantics, BiasScoreShape BiasScores, bool Bottlenecks, int? LowRank);
