using PUNet.Core.Common;
using PUNet.Core.Data.Layouts;
using PUNet.Core.Imaging;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Imaging.Nifti.Header;
using PUNet.Core.Inference;
using PUNet.Core.Inference.Prediction;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Tests.Training;
using PUNet.Core.Training;
using static TorchSharp.torch;

namespace PUNet.Core.Tests.Inference.Prediction;

public sealed class PredictorTests : IClassFixture<PhantomWorkplace>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PhantomWorkplace _workplace;
    private readonly string _backbone;
    private readonly string _image;
    private readonly string _id;

    public PredictorTests(PhantomWorkplace workplace)
    {
        _workplace = workplace;
        var folders = workplace.New();
        Pretraining.WriteStart(PhantomWorkplace.Pretraining, workplace.Prepared, folders);
        _backbone = folders.Output;
        _id = workplace.Prepared[Part.Test][0].Id;
        _image = new PairedFolders().List(workplace.Source).First(subject => subject.Id == _id).ImagePath;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AdaptationVariant.PromptTune)]
    [InlineData(AdaptationVariant.TuneOutput)]
    public void A_new_scan_is_segmented_bit_for_bit_as_an_evaluation_segments_it(AdaptationVariant variant)
    {
        var adapter = Adapt(variant, 2);
        var scores = _workplace.Evaluate(new EvaluationOptions { Classes = _workplace.Names(2) }, _backbone, adapter);
        var expected = NiftiFile.ReadLabels(Path.Combine(scores, "predictions", _id + ".nii.gz"));
        var actual = Predict(_image, new PredictionOptions { Classes = _workplace.Names(2) }, adapter);
        Assert.Equal(expected.Data, actual.Data);
        Assert.Contains((ushort)2, actual.Data);
    }

    [Fact]
    public void A_backbone_and_its_adapters_segment_all_that_they_learned()
    {
        using var predictor = Predictor(new(), Adapt(AdaptationVariant.PromptTune, 2), Adapt(AdaptationVariant.TuneDecoder, 3, 5));
        Assert.Equal([1, 4, 2, 3, 5], predictor.Classes.Select(known => known.Value));
        Assert.Equal(_workplace.Names(1, 4, 2, 3, 5), predictor.Classes.Select(known => known.Name));
    }

    [Fact]
    public void Two_adapters_of_one_class_are_refused()
    {
        var (one, other) = (Adapt(AdaptationVariant.FineTune, 2), Adapt(AdaptationVariant.PromptTune, 2));
        var fault = Assert.Throws<CheckpointException>(() => Predictor(new(), one, other));
        Assert.Contains($"Two parts of the model segment {_workplace.Names(2)[0]}", fault.Message);
    }

    [Fact]
    public void Every_way_to_lay_a_scan_out_gives_the_same_segmentation()
    {
        var options = new PredictionOptions();
        var scan = NiftiFile.ReadVolume(_image);
        var expected = Predict(_image, options);
        foreach (var orientation in Orientation.All.Where((_, i) => i % 5 == 0))
        {
            var way = Reorientation.Between(scan.Geometry.Orientation, orientation);
            var path = _folder.File($"{orientation}.nii.gz");
            NiftiWriter.Write(path, new Volume(way.Apply(scan.Data, scan.Extent), way.Apply(scan.Extent), way.Apply(scan.Geometry, scan.Extent)));
            var actual = Predict(path, options);
            Assert.Equal(way.Apply(expected.Data, expected.Extent), actual.Data);
            Assert.Equal(NiftiFile.Open(path).Geometry, actual.Geometry);
        }
    }

    [Fact]
    public void Results_lie_where_their_scan_says_in_its_own_words()
    {
        // oblique, sheared and anisotropic, with an sform alone of another code, in a second-version header with foreign units
        var scan = NiftiFile.ReadVolume(_image);
        double[] rows = [7.9, 0.8, -1.5, -200, -0.7, 8.1, 2.5, 30, 0.9, -0.6, 23.5, -1000];
        var path = _folder.File("oblique.nii.gz");
        var space = new NiftiSpace([-1, 8, 8.2, 23.7], 3, [0.1, -0.05, 0.02, -200, 30, -1000], 4, rows, 3 + 8);
        NiftiWriter.Write(path, new Volume(scan.Data, scan.Extent, new Geometry(rows)), Like(space));
        var header = WrittenFor(path, new PredictionOptions { Split = true, Probabilities = true }, out var files);
        Assert.Equal(5, files.Count); // the label map, and of both base classes mask and probability
        Assert.Equal(2, header.Version);
        Assert.Equivalent(space, header.Space, strict: true);
        foreach (var file in files) Assert.Equivalent(space, NiftiFile.Open(file).Header.Space, strict: true);
    }

    [Fact]
    public void Masks_and_probabilities_agree_with_the_label_map()
    {
        var options = new PredictionOptions { Split = true, Probabilities = true, Classes = _workplace.Names(4) };
        WrittenFor(_image, options, out var files);
        var map = NiftiFile.ReadLabels(files.Single(file => !Path.GetFileName(file).Contains("4-")));
        var mask = NiftiFile.ReadLabels(files.Single(file => file.Contains("4-") && !file.Contains("probability")));
        var probability = NiftiFile.ReadVolume(files.Single(file => file.Contains("probability")));
        Assert.Equal(map.Data.Select(value => value == 4), mask.Data.Select(value => value == 1));
        Assert.Equal(map.Data.Select(value => value == 4), probability.Data.Select(p => p > 0.5f));
    }

    [Fact]
    public void Volumes_are_measured_on_the_scan()
    {
        using var predictor = Predictor(new PredictionOptions { Classes = _workplace.Names(1) });
        var scan = predictor.Predict("scan", _image, _folder.Path, _ => { }, default);
        var (map, image) = (NiftiFile.ReadLabels(scan.LabelMap), NiftiFile.ReadVolume(_image));
        var inside = Enumerable.Range(0, map.Data.Length).Where(i => map.Data[i] == 1).ToList();
        var volume = Assert.Single(scan.Volumes);
        Assert.Equal(inside.Count, volume.Voxels);
        Assert.Equal(inside.Count * 8 * 8 * 24 / 1000.0, volume.Millilitres, 1e-6 * volume.Millilitres);
        Assert.Equal(inside.Average(i => (double)image.Data[i]), volume.MeanIntensity!.Value, 1e-6);
    }

    [Fact]
    public void Progress_counts_the_windows_of_all_passes()
    {
        using var predictor = Predictor(new());
        var told = new List<StageEvent.Progress>();
        predictor.Predict("scan", _image, _folder.Path, happening => told.Add((StageEvent.Progress)happening), default);
        Assert.Equal(told[^1].Total, told[^1].Done);
        Assert.Single(told.Select(progress => progress.Total).Distinct());
        Assert.Equal(told.Select(progress => progress.Done).Order(), told.Select(progress => progress.Done));
    }

    [Fact]
    public void What_the_model_did_not_learn_and_files_that_are_no_scans_are_told()
    {
        var unknown = Assert.Throws<ConfigurationException>(() => Predictor(new PredictionOptions { Classes = ["livr"] }));
        Assert.Contains("did you mean \"liver\"?", unknown.Message);
        File.WriteAllText(_folder.File("text.nii"), "no scan");
        using var predictor = Predictor(new());
        Assert.Throws<ImageFileException>(() => predictor.Predict("text", _folder.File("text.nii"), _folder.Path, _ => { }, default));
        Assert.False(File.Exists(_folder.File("text.nii.gz")));
    }

    private static NiftiHeader Like(NiftiSpace space) => new()
    {
        Version = 2,
        IsPair = false,
        SwapsBytes = false,
        Shape = [1],
        Type = NiftiType.Float32,
        DataOffset = 0,
        Slope = 1,
        Intercept = 0,
        Affine = space.Rows,
        Space = space,
    };

    private NiftiHeader WrittenFor(string path, PredictionOptions options, out IReadOnlyList<string> files)
    {
        using var predictor = Predictor(options);
        var folder = Directory.CreateDirectory(_folder.File(Guid.NewGuid().ToString("N"))).FullName;
        var scan = predictor.Predict("scan", path, folder, _ => { }, default);
        files = Directory.GetFiles(folder, "*.nii.gz");
        return NiftiFile.Open(scan.LabelMap).Header;
    }

    private string Adapt(AdaptationVariant variant, params int[] labels) => _workplace.Adapt(
        PhantomWorkplace.Adaptation with
        {
            Variant = variant,
            Target = PhantomWorkplace.ClassNames(labels),
            Recipe = PhantomWorkplace.Adaptation.Recipe with { Epochs = 1 },
        }, _backbone);

    private Predictor Predictor(PredictionOptions options, params string[] adapters) => new(_backbone, adapters, options, CPU);

    private LabelMap Predict(string path, PredictionOptions options, params string[] adapters)
    {
        using var predictor = Predictor(options, adapters);
        var folder = Directory.CreateDirectory(_folder.File("results")).FullName;
        var scan = predictor.Predict(ScanNames.NameOf(path), path, folder, _ => { }, default);
        return NiftiFile.ReadLabels(scan.LabelMap);
    }
}
