using PUNet.Core.Common.Files;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;

namespace PUNet.Core.Inference.Prediction;

/// <summary>What is written of one scan, all on its own grid and with its own header's words for where that lies.</summary>
internal sealed class PredictionFiles
{
    private const double CubicMillimetresPerMillilitre = 1000;

    private readonly string _folder;
    private readonly string _scan;
    private readonly NiftiFile _file;
    private readonly GriddedImage _image;
    private readonly IReadOnlyList<PredictedClass> _classes;
    private readonly PredictionOptions _options;

    /// <param name="folder">Where to write.</param>
    /// <param name="scan">What names begin with.</param>
    /// <param name="file">The scan.</param>
    /// <param name="image">The scan on the model's grid.</param>
    /// <param name="classes">What was segmented.</param>
    /// <param name="options">What is written.</param>
    public PredictionFiles(
        string folder, string scan, NiftiFile file, GriddedImage image, IReadOnlyList<PredictedClass> classes, PredictionOptions options) =>
        (_folder, _scan, _file, _image, _classes, _options) = (folder, scan, file, image, classes, options);

    /// <summary>Writes a class's probabilities.</summary>
    /// <param name="known">The class.</param>
    /// <param name="probabilities">On the model's grid, C-order.</param>
    public void Write(PredictedClass known, ReadOnlySpan<float> probabilities) => NiftiWriter.Write(
        PathOf($".{ClassFileName.Of(known.Value, known.Name)}.probability.nii.gz"),
        new Volume(_image.Grid.Restore(probabilities), _image.Grid.Source, _image.Grid.SourceGeometry), _file.Header);

    /// <summary>Writes the rest; the label map last, so that where it lies, all lies.</summary>
    /// <param name="places">On the model's grid, C-order: the class, counted from 1, or 0.</param>
    /// <param name="normalised">Gives the image in [−1, 1], where a picture is wanted.</param>
    public PredictedScan Write(byte[] places, Func<float[]> normalised)
    {
        ushort Value(byte place) => place <= _classes.Count ? (ushort)_classes[place - 1].Value : (ushort)0;
        var map = new LabelMap(_image.Grid.Restore(places, Value), _image.Grid.Source, _image.Grid.SourceGeometry);
        var volumes = Volumes(map);
        if (_options.Preview) PredictionPreview.Write(PathOf(".preview.png"), normalised(), _image.Grid.Prepared, places, _classes.Count);
        if (_options.Split)
            foreach (var known in _classes)
                NiftiWriter.Write(PathOf($".{ClassFileName.Of(known.Value, known.Name)}.nii.gz"), MaskOf(map, known.Value), _file.Header);
        var path = PathOf(".nii.gz");
        NiftiWriter.Write(path, map, _file.Header);
        return new PredictedScan(_scan, path, volumes);
    }

    private string PathOf(string ending) => Path.Combine(_folder, _scan + ending);

    private static LabelMap MaskOf(LabelMap map, int value) =>
        new(Array.ConvertAll(map.Data, found => (ushort)(found == value ? 1 : 0)), map.Extent, map.Geometry);

    private List<ClassVolume> Volumes(LabelMap map)
    {
        var sums = new IntensitySums(_file, map.Data, map.Extent);
        var voxel = Math.Abs(map.Geometry.Determinant) / CubicMillimetresPerMillilitre;
        return [.. _classes.Select(known =>
            new ClassVolume(known, sums.Voxels(known.Value), sums.Voxels(known.Value) * voxel, sums.Mean(known.Value)))];
    }
}
