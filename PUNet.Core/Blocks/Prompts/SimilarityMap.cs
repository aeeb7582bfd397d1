using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Prompts;

/// <summary>One map per class from the similarity of the embedding to that class's prompt tokens (method.md, section 2, step 6).</summary>
internal static class SimilarityMap
{
    private const double Temperature = 0.1;
    private const double NormEpsilon = 1e-12;
    private const int TopTokens = 3;

    /// <summary>The similarity maps.</summary>
    /// <param name="embedding">F, [B, C, H, W, D].</param>
    /// <param name="tokens">[B, I, T, C].</param>
    /// <param name="scale">From cosine to similarity.</param>
    /// <param name="aggregation">From T tokens to one value.</param>
    /// <returns>[B, I, H, W, D].</returns>
    public static Tensor Of(Tensor embedding, Tensor tokens, SimilarityScale scale, SimilarityAggregation aggregation)
    {
        using var scope = NewDisposeScope();
        var (batch, classes, perClass, channels) = (tokens.shape[0], tokens.shape[1], tokens.shape[2], tokens.shape[3]);
        var z = nn.functional.normalize(embedding.flatten(2), dim: 1, eps: NormEpsilon); // [B, C, M]
        var e = nn.functional.normalize(tokens, dim: 3, eps: NormEpsilon).reshape(batch, classes * perClass, channels);
        var cosine = e.bmm(z).view(batch, classes, perClass, -1); // [B, I, T, M]
        var similarity = scale == SimilarityScale.HalfCosinePlusOne ? cosine.Plus(1).Times(0.5) : cosine.Plus(0.5);
        return Aggregate(similarity, aggregation).view([batch, classes, .. embedding.shape[2..]]).MoveToOuterDisposeScope();
    }

    private static Tensor Aggregate(Tensor similarity, SimilarityAggregation aggregation) => aggregation switch
    {
        SimilarityAggregation.Softmax => similarity.detach().Over(Temperature).softmax(2).mul(similarity).sum(2),
        SimilarityAggregation.Mean => similarity.mean([2]),
        SimilarityAggregation.TopThree => similarity.topk((int)Math.Min(TopTokens, similarity.shape[2]), 2).values.mean([2]),
        _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "No such aggregation."),
    };
}
