namespace PUNet.Core.Blocks.Prompts;

/// <summary>How the similarities to the T tokens of a class become one map (method.md, section 2).</summary>
public enum SimilarityAggregation
{
    /// <summary>Weighted by a softmax over the tokens at temperature 0.1, whose weights get no gradient.</summary>
    Softmax,

    /// <summary>Mean over the tokens.</summary>
    Mean,

    /// <summary>Mean of the three most similar tokens.</summary>
    TopThree,
}
