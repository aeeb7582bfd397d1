namespace PUNet.Core.Blocks.Attention;

/// <summary>What all attention blocks of a network have in common.</summary>
/// <param name="Semantics">Paper or reference, row by row.</param>
/// <param name="BiasScores">Heads and bias tables.</param>
/// <param name="Adapters">Whether every sub-block has an adapter.</param>
internal sealed record AttentionShape(AttentionSemantics Semantics, BiasScoreShape BiasScores, bool Adapters);
