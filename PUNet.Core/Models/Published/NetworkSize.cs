using PUNet.Core.Blocks.Attention;
using PUNet.Core.Models.Promptable;

namespace PUNet.Core.Models.Published;

/// <summary>How large a network is at least, told without building it: a file cannot ask for more than it holds.</summary>
internal static class NetworkSize
{
    private const int PlaneKernel = 9;
    private const int MatricesPerLevel = 10; // query, key, value, output and linear layer of two sub-blocks

    /// <summary>
    /// Fewer parameters than a network of this configuration has, or as many; as a real number, since a hostile file may name any size.
    /// </summary>
    public static double AtLeast(PromptableUNetConfiguration network)
    {
        var channels = network.Channels.Select(value => (double)value).ToArray();
        var (encoder, decoder) = (channels, channels[..^1]);
        var body = encoder.Select((own, level) => PlaneKernel * own * channels[Math.Max(level - 1, 0)] + MatricesPerLevel * own * own).Sum()
            + decoder.Select((own, level) => PlaneKernel * own * (own + channels[level + 1]) + MatricesPerLevel * own * own).Sum();
        return body + Scores(network, 2 * (encoder.Length + decoder.Length)) + Prompts(network, channels) + Code(network);
    }

    private static double Scores(PromptableUNetConfiguration network, int subBlocks)
    {
        if (network.BiasScores is BiasScores.Pure or BiasScores.Vit) return 0;
        var rows = 2.0 * network.Window.H + 2.0 * network.Window.W + 2.0 * network.Window.D - 3;
        if (network.BiasScores == BiasScores.All)
            rows += (network.UniquePromptBias ? network.PoolSize : 1.0) * (network.UniqueTokenBias ? network.TokensPerClass : 1);
        return subBlocks * rows * BiasScoreTables.EmbeddingChannels;
    }

    private static double Prompts(PromptableUNetConfiguration network, double[] channels)
    {
        var pairs = network.Placement switch
        {
            PromptPlacement.Full => channels.Sum() + channels[..^1].Sum(),
            PromptPlacement.Encoder => channels.Sum(),
            PromptPlacement.Decoder => channels[..^1].Sum(),
            PromptPlacement.Start => channels[0],
            _ => 0,
        };
        return (double)network.PoolSize * network.TokensPerClass * (2 * pairs + (network.FixedOutputChannels is null ? channels[0] : 0));
    }

    private static double Code(PromptableUNetConfiguration network) =>
        network.BiasScores == BiasScores.Vit ? network.TeacherPatch.Count / 8.0 * network.Channels[0] : 0;
}
