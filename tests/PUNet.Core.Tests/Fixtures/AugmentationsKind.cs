using PUNet.Core.Common;
using PUNet.Core.Data.Augmentation;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Fixtures;

public sealed class AugmentationsKind : IFixtureKind
{
    public string Kind => "augmentations";

    private delegate void Change(Span<float> image);

    public void Check(FixtureCase fixture)
    {
        var shape = fixture.Input("image").shape; // [1, H, W, D]
        var extent = new Extent((int)shape[1], (int)shape[2], (int)shape[3]);
        void Expect(string output, Change change)
        {
            var image = Values(fixture.Input("image"));
            change(image);
            fixture.Expect($"output.{output}", tensor(image).reshape(shape));
        }
        Expect("contrast_gamma_0_6", image => Intensity.Contrast(image, 0.6));
        Expect("contrast_gamma_2", image => Intensity.Contrast(image, 2));
        Expect("std_shift_0_2", image => Intensity.Shift(image, 0.2));
        Expect("bias_field", image => BiasField.Apply(image, extent, Values(fixture.Input("bias_coefficients"))));
        Expect("histogram_shift", image => Intensity.HistogramShift(
            image, Values(fixture.Input("histogram_reference")), Values(fixture.Input("histogram_floating"))));
        var sampler = new AffineSampler(Affine(fixture), extent, default, extent);
        Expect("affine_bilinear", image => sampler.Linear((float[])image.ToArray().Clone(), image));
        var label = Values(fixture.Input("label"));
        var nearest = new float[label.Length];
        sampler.Nearest<float>(label, nearest);
        fixture.Expect("output.affine_nearest", tensor(nearest).reshape(shape));
    }

    private static InPlaneAffine Affine(FixtureCase fixture)
    {
        var affine = fixture.Json.GetProperty("affine");
        double[] Entries(string name) => [.. affine.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        var (rotate, shear, scale) = (Entries("rotate"), Entries("shear"), Entries("scale"));
        return new InPlaneAffine(rotate[2], shear[0], shear[2], scale[0], scale[1]);
    }

    private static float[] Values(Tensor tensor) => tensor.flatten().data<float>().ToArray();
}
