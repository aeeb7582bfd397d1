using PUNet.Core.Common;
using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Attention;

/// <summary>Windowed attention in tensor operations, for every device and precision; <see cref="FusedAttention"/> computes the same.</summary>
internal static class PlainAttention
{
    /// <inheritdoc cref="FusedAttention.Apply"/>
    /// <param name="mask">[P, 1, N, J + N] or null.</param>
    /// <param name="multiplies">Whether the mask is a factor instead of a summand.</param>
#pragma warning disable CS1573 // the other parameters are documented where the summary comes from
    public static Tensor Apply(
        AttentionLayout layout, Tensor content, Tensor? prompts, Tensor? contentBias, Tensor? promptBias, Tensor? mask, bool multiplies)
#pragma warning restore CS1573
    {
        using var scope = NewDisposeScope();
        var (b, p, h, n, c, j) = layout;
        var joint = content.view(b, p, n, 3, h, c).permute(3, 0, 1, 4, 2, 5); // [3, B, P, h, N, c]
        var (query, key, value) = (joint[0], joint[1], joint[2]);
        if (prompts is not null)
        {
            var added = prompts.view(b, 1, j, 2, h, c).permute(3, 0, 1, 4, 2, 5).expand(2, b, p, h, j, c);
            (key, value) = (cat([added[0], key], 3), cat([added[1], value], 3)); // [B, P, h, J + N, c]
        }
        var score = Product(query.Times(1 / Math.Sqrt(c)), key.transpose(3, 4)); // [B, P, h, N, J + N]
        if (Bias(layout, contentBias, promptBias) is { } bias) score = score.Plus(bias);
        if (mask is not null) score = multiplies ? score.mul(mask) : score.Plus(mask);
        return Product(score.softmax(4), value).transpose(2, 3).reshape(b * p, n, h * c).MoveToOuterDisposeScope();
    }

    private static Tensor Product(Tensor left, Tensor right) => MixedPrecision.Multiply(left, right, null, (a, b, _) => a.matmul(b));

    /// <summary>Both biases side by side, [B, 1, h, N, J + N].</summary>
    private static Tensor? Bias(AttentionLayout layout, Tensor? content, Tensor? prompt)
    {
        if (content is null && prompt is null) return null;
        var (b, _, h, n, _, j) = layout;
        var (dtype, device) = ((content ?? prompt)!.dtype, (content ?? prompt)!.device);
        var left = prompt?.transpose(1, 2).view(b, 1, h, 1, j) ?? zeros([b, 1, h, 1, j], dtype, device);
        var right = content ?? zeros([h, n, n], dtype, device);
        return cat([left.expand(b, 1, h, n, j), right.view(1, 1, h, n, n).expand(b, 1, h, n, n)], 4);
    }
}
