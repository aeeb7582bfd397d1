using PUNet.Core.Blocks;
using PUNet.Core.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>A pre-normalised transformer block: attention and feed-forward layers, each with a skip. MONAI: TransformerBlock.</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "mlp")] private readonly FeedForward _feedForward;
    [ComponentName(Name = "norm1")] private readonly LayerNorm _attentionNorm;
    [ComponentName(Name = "attn")] private readonly TokenAttention _attention;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _feedForwardNorm;

    public TransformerBlock(int channels, int hidden, int heads, Initialisation draw) : base(nameof(TransformerBlock))
    {
        _feedForward = new FeedForward(channels, hidden, draw);
        _attentionNorm = nn.LayerNorm(channels);
        _attention = new TokenAttention(channels, heads, draw);
        _feedForwardNorm = nn.LayerNorm(channels);
        RegisterComponents();
    }

    /// <summary>[B, N, C] to the same.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var attended = tokens.Plus(_attention.forward(_attentionNorm.forward(tokens)));
        return attended.Plus(_feedForward.forward(_feedForwardNorm.forward(attended))).MoveToOuterDisposeScope();
    }
}
