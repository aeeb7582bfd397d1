using System.Text.Json;
using PUNet.Core.Common;
using PUNet.Core.Imaging;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

/// <summary>Image and labels on the target spacing.</summary>
public sealed class ResampleFixture : IFixtureKind
{
    public string Kind => "resample";

    public void Check(FixtureCase fixture)
    {
        var (image, extent) = Volume.Of<float>(fixture.Input("image"));
        var target = Resampling.Extent(extent, Spacing(fixture.Json.GetProperty("spacing")), Spacing(fixture.Json.GetProperty("target_spacing")));
        fixture.Expect("output.image", Volume.Tensor(Resampling.Image(image, extent, target), target));
        var (labels, _) = Volume.Of<byte>(fixture.Input("label"));
        fixture.Expect("output.label", Volume.Tensor(Array.ConvertAll(Resampling.Labels(labels, extent, target), x => (float)x), target));
    }

    private static Spacing Spacing(JsonElement json) => Core.Imaging.Spacing.From(axis => json[axis].GetDouble());
}

/// <summary>Centred in-plane crop or padding; −1 keeps an axis.</summary>
public sealed class PadOrCropFixture : IFixtureKind
{
    public string Kind => "pad_or_crop";

    public void Check(FixtureCase fixture)
    {
        var (image, extent) = Volume.Of<float>(fixture.Input("image"));
        var size = fixture.Json.GetProperty("size");
        var box = Extent.From(axis => size[axis].GetInt32() is > 0 and var wanted ? wanted : extent[axis]);
        var start = Extent.From(axis => PadOrCrop.CentredStart(extent[axis], box[axis]));
        fixture.Expect("output.image", Volume.Tensor(PadOrCrop.Apply<float>(image, extent, (start.H, start.W, start.D), box, image.Min()), box));
    }
}

/// <summary>Clipped linear map.</summary>
public sealed class IntensityWindowFixture : IFixtureKind
{
    public string Kind => "intensity_window";

    public void Check(FixtureCase fixture)
    {
        var (image, extent) = Volume.Of<float>(fixture.Input("image"));
        double Number(string name) => fixture.Json.GetProperty(name).GetDouble();
        fixture.Expect(
            "output.image", Volume.Tensor(IntensityWindow.Map(image, Number("a_min"), Number("a_max"), Number("b_min"), Number("b_max")), extent));
    }
}

/// <summary>Between tensors [H, W, D] and arrays.</summary>
internal static class Volume
{
    public static (T[] Data, Extent Extent) Of<T>(Tensor tensor) where T : unmanaged =>
        (tensor.contiguous().data<T>().ToArray(), new Extent((int)tensor.shape[0], (int)tensor.shape[1], (int)tensor.shape[2]));

    public static Tensor Tensor(float[] data, Extent extent) => tensor(data).reshape(extent.H, extent.W, extent.D);
}
