using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>Multi-head self-attention among all tokens of a slice; queries, keys and values have no bias. MONAI: SABlock.</summary>
internal sealed class TokenAttention : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "qkv")] private readonly LinearLayer _queriesKeysValues;
    [ComponentName(Name = "out_proj")] private readonly LinearLayer _output;

    private readonly int _heads;

    public TokenAttention(int channels, int heads, Initialisation draw) : base(nameof(TokenAttention))
    {
        _heads = heads;
        _queriesKeysValues = new LinearLayer(channels, 3 * channels, false, draw);
        _output = new LinearLayer(channels, channels, true, draw);
        RegisterComponents();
    }

    /// <summary>[B, N, C] to the same.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (b, n, c) = (tokens.shape[0], tokens.shape[1], tokens.shape[2]);
        var parts = _queriesKeysValues.forward(tokens).view(b, n, 3, _heads, c / _heads).permute(2, 0, 3, 1, 4).unbind(0); // 3 × [B, M, N, C/M]
        var attended = nn.functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
        return _output.forward(attended.transpose(1, 2).reshape(b, n, c)).MoveToOuterDisposeScope(); // [B, M, N, C/M] → [B, N, C]
    }
}
