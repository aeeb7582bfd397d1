using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.Unetr;

/// <summary>
/// UNETR: the image and three hidden states of a vision transformer are the skips of a decoder that begins at its last state.
/// MONAI: networks.nets.UNETR.
/// </summary>
internal sealed class UnetrBody : BaselineBody
{
    [ComponentName(Name = "vit")] private readonly VisionTransformer _transformer;
    [ComponentName(Name = "encoder1")] private readonly SkipEncoder _imageSkip;
    [ComponentName(Name = "encoder2")] private readonly TokenUpsampling _firstSkip;
    [ComponentName(Name = "encoder3")] private readonly TokenUpsampling _secondSkip;
    [ComponentName(Name = "encoder4")] private readonly TokenUpsampling _thirdSkip;
    [ComponentName(Name = "decoder5")] private readonly DoublingDecoder _deepest;
    [ComponentName(Name = "decoder4")] private readonly DoublingDecoder _deeper;
    [ComponentName(Name = "decoder3")] private readonly DoublingDecoder _finer;
    [ComponentName(Name = "decoder2")] private readonly DoublingDecoder _finest;
    [ComponentName(Name = "out")] private readonly OutputProjection _output;

    public UnetrBody(UnetrConfiguration configuration, Initialisation draw) : base(nameof(UnetrBody))
    {
        var (tokens, features) = (configuration.HiddenSize, configuration.FeatureSize);
        _transformer = new VisionTransformer(configuration, draw);
        _imageSkip = new SkipEncoder(configuration.InChannels, features, draw);
        _firstSkip = new TokenUpsampling(tokens, 2 * features, 2, draw);
        _secondSkip = new TokenUpsampling(tokens, 4 * features, 1, draw);
        _thirdSkip = new TokenUpsampling(tokens, 8 * features, 0, draw);
        _deepest = new DoublingDecoder(tokens, 8 * features, draw);
        _deeper = new DoublingDecoder(8 * features, 4 * features, draw);
        _finer = new DoublingDecoder(4 * features, 2 * features, draw);
        _finest = new DoublingDecoder(2 * features, features, draw);
        _output = new OutputProjection(features, configuration.OutputFeatures, draw);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var states = _transformer.forward(slices);
        var map = _deepest.forward(states[3], _thirdSkip.forward(states[2]));
        map = _deeper.forward(map, _secondSkip.forward(states[1]));
        map = _finer.forward(map, _firstSkip.forward(states[0]));
        map = _finest.forward(map, _imageSkip.forward(slices));
        return _output.forward(map).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Check(long height, long width)
    {
        CheckMultiple(height, width, UnetrConfiguration.TokenPatch);
        _transformer.Check(height, width);
    }

    /// <summary>The doubling steps and the last projection; the transformer and the ways to the skips are the encoder.</summary>
    public override bool IsInDecoder(string name) =>
        name.StartsWith("decoder", StringComparison.Ordinal) || name.StartsWith("out.", StringComparison.Ordinal);
}
