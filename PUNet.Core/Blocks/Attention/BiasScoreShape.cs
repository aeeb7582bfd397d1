using PUNet.Core.Common;

namespace PUNet.Core.Blocks.Attention;

/// <summary>Sizes of the bias tables of a sub-block.</summary>
/// <param name="Scores">Which scores there are.</param>
/// <param name="Heads">h.</param>
/// <param name="Window">The configured window.</param>
/// <param name="PoolSize">K.</param>
/// <param name="Tokens">T.</param>
/// <param name="RowPerToken">One embedding per token, or one per class.</param>
/// <param name="TablePerClass">One prompt table per class, or one for all.</param>
internal sealed record BiasScoreShape(BiasScores Scores, int Heads, Extent Window, int PoolSize, int Tokens, bool RowPerToken, bool TablePerClass);
