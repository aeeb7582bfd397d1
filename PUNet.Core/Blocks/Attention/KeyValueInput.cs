namespace PUNet.Core.Blocks.Attention;

/// <summary>What the keys and values of the attention are projected from (method.md, section 1, first row).</summary>
public enum KeyValueInput
{
    /// <summary>The normalised tokens: K = W_k x, V = W_v x.</summary>
    Content,

    /// <summary>The projected query input: K = W_k (W_q x), V = W_v (W_q x).</summary>
    ProjectedQuery,
}
