using PUNet.Core.Blocks;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Baselines.SwinUnetr;

/// <summary>
/// SwinUNETR: the image and the maps of a shifted-window transformer are the skips of a decoder that begins at its deepest map.
/// MONAI: networks.nets.SwinUNETR.
/// </summary>
internal sealed class SwinUnetrBody : BaselineBody
{
    private const int Multiple = 32;

    [ComponentName(Name = "swinViT")] private readonly SwinTransformer _transformer;
    [ComponentName(Name = "encoder1")] private readonly SkipEncoder _imageSkip;
    [ComponentName(Name = "encoder2")] private readonly SkipEncoder _firstSkip;
    [ComponentName(Name = "encoder3")] private readonly SkipEncoder _secondSkip;
    [ComponentName(Name = "encoder4")] private readonly SkipEncoder _thirdSkip;
    [ComponentName(Name = "encoder10")] private readonly SkipEncoder _bottom;
    [ComponentName(Name = "decoder5")] private readonly DoublingDecoder _fifth;
    [ComponentName(Name = "decoder4")] private readonly DoublingDecoder _fourth;
    [ComponentName(Name = "decoder3")] private readonly DoublingDecoder _third;
    [ComponentName(Name = "decoder2")] private readonly DoublingDecoder _second;
    [ComponentName(Name = "decoder1")] private readonly DoublingDecoder _first;
    [ComponentName(Name = "out")] private readonly OutputProjection _output;

    public SwinUnetrBody(SwinUnetrConfiguration configuration, Initialisation draw) : base(nameof(SwinUnetrBody))
    {
        var features = configuration.FeatureSize;
        _transformer = new SwinTransformer(configuration, draw);
        _imageSkip = new SkipEncoder(configuration.InChannels, features, draw);
        _firstSkip = new SkipEncoder(features, features, draw);
        _secondSkip = new SkipEncoder(2 * features, 2 * features, draw);
        _thirdSkip = new SkipEncoder(4 * features, 4 * features, draw);
        _bottom = new SkipEncoder(16 * features, 16 * features, draw);
        _fifth = new DoublingDecoder(16 * features, 8 * features, draw);
        _fourth = new DoublingDecoder(8 * features, 4 * features, draw);
        _third = new DoublingDecoder(4 * features, 2 * features, draw);
        _second = new DoublingDecoder(2 * features, features, draw);
        _first = new DoublingDecoder(features, features, draw);
        _output = new OutputProjection(features, configuration.OutputFeatures, draw);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var maps = _transformer.forward(slices);
        var map = _fifth.forward(_bottom.forward(maps[4]), maps[3]);
        map = _fourth.forward(map, _thirdSkip.forward(maps[2]));
        map = _third.forward(map, _secondSkip.forward(maps[1]));
        map = _second.forward(map, _firstSkip.forward(maps[0]));
        map = _first.forward(map, _imageSkip.forward(slices));
        return _output.forward(map).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Check(long height, long width)
    {
        CheckMultiple(height, width, Multiple);
        if (Math.Min(height, width) < 2 * Multiple)
            throw new ArgumentException(
                $"Slices must have at least {2 * Multiple} voxels along both axes, not {height}×{width}: "
                + "the deepest map is normalised over its positions.");
    }

    /// <summary>The doubling steps and the last projection; the transformer and the ways to the skips are the encoder.</summary>
    public override bool IsInDecoder(string name) =>
        name.StartsWith("decoder", StringComparison.Ordinal) || name.StartsWith("out.", StringComparison.Ordinal);
}
