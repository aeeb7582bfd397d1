namespace PUNet.Core.Blocks.Prompts;

/// <summary>The similarity of an embedding and a prompt token, from their cosine (method.md, section 1).</summary>
public enum SimilarityScale
{
    /// <summary>(cos + 1) / 2.</summary>
    HalfCosinePlusOne,

    /// <summary>cos + 1/2.</summary>
    CosinePlusHalf,
}
