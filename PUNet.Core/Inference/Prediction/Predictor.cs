using PUNet.Core.Common;
using PUNet.Core.Imaging.Grids;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;
using static TorchSharp.torch;

namespace PUNet.Core.Inference.Prediction;

/// <summary>
/// Segments new scans with a backbone and any number of its adapters. A scan comes onto the grid that the backbone was trained on, each
/// class is segmented there, and the label map goes back onto the scan's own grid: nearest voxel, background where the trained grid does not
/// reach. Memory does not grow with the number of classes.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly AdaptedModel _model;
    private readonly PredictionOptions _options;
    private readonly GridOptions _grid;
    private readonly IReadOnlyList<ClassSource> _sources;
    private readonly IReadOnlyList<ClassSource> _inOnePiece;
    private readonly List<(Segmenter Segmenter, ModelPart Part, IReadOnlyList<int> Active)> _passes = [];

    /// <param name="backbone">Folder of a backbone.</param>
    /// <param name="adapters">Folders of its adapters, or of compositions of them.</param>
    /// <param name="options">What to segment and to write.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <exception cref="CheckpointException">A file is missing or damaged, an adapter belongs to another backbone, or two of them have a class
    /// in common.</exception>
    /// <exception cref="ConfigurationException">A class is wanted that the model did not learn, or its card does not say how scans are
    /// prepared.</exception>
    public Predictor(string backbone, IReadOnlyList<string> adapters, PredictionOptions options, NetworkPlace place)
    {
        ConfigurationException.ThrowIfAny(options.Faults());
        var card = ModelCard.Read(backbone);
        _grid = card.Grid ?? throw new ConfigurationException([ModelCard.WithoutGrid(backbone)]);
        _options = options;
        _model = AdaptedModel.LoadWithBase(backbone, adapters, place);
        try
        {
            var all = ClassSource.Of(card, _model);
            ConfigurationException.ThrowIfAny(all.Count > 0 ? [] : [$"The backbone in {backbone} has no class of its own. Name an adapter of it."]);
            _sources = Chosen(all, options.Classes);
            _inOnePiece = options.LargestComponent.Count == 0 ? [] : Chosen(_sources, options.LargestComponent);
            AddPasses();
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>The classes of the label maps: the backbone's, then those of its adapters.</summary>
    public IReadOnlyList<PredictedClass> Classes => [.. _sources.Select(source => source.Class)];

    /// <summary>Segments a scan and writes what the options ask for, each file at once and whole.</summary>
    /// <param name="scan">Name that its files begin with.</param>
    /// <param name="path">Its NIfTI file.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="report">Told after every batch of windows.</param>
    /// <param name="cancellation">Ends the work between batches of windows.</param>
    /// <exception cref="ImageFileException">The file is missing or damaged, or cannot be brought onto the model's grid.</exception>
    public PredictedScan Predict(string scan, string path, string folder, Action<StageEvent> report, CancellationToken cancellation)
    {
        var file = NiftiFile.Open(path);
        var image = GriddedImage.Of(file, file.ReadVolume(), _grid);
        var files = new PredictionFiles(folder, scan, file, image, Classes, _options);
        var labels = Segment(image, files, report, cancellation);
        return files.Write(labels, () => _model.Normalisation.Apply(image.Volume.Data));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>At every voxel of the model's grid the class, counted from 1, or 0; C-order.</summary>
    private byte[] Segment(GriddedImage image, PredictionFiles files, Action<StageEvent> report, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (extent, merge) = (image.Volume.Extent, new MarginMerge(image.Volume.Extent.Count));
        var volume = _passes[0].Segmenter.Volume(_model.Normalisation.Apply(image.Volume.Data), extent);
        var windows = _passes[0].Segmenter.Windows(extent);
        for (var i = 0; i < _passes.Count; i++)
        {
            using var pass = NewDisposeScope();
            var (segmenter, part, active) = _passes[i];
            var before = (long)i * windows;
            var logits = segmenter.Logits(volume, active, told => report(Shifted(told, before, (long)_passes.Count * windows)), cancellation);
            for (var channel = 1; channel <= active.Count; channel++)
                if (PlaceOf(part, active[channel - 1]) is >= 0 and var place) Add(place, logits, channel);
        }
        return merge.Labels;

        void Add(int place, Tensor logits, int channel)
        {
            if (_options.Probabilities) files.Write(_sources[place].Class, Probabilities(logits, channel));
            var margins = Segmenter.Margin(logits, channel);
            if (_inOnePiece.Contains(_sources[place])) MarginMerge.KeepLargest(margins, extent);
            merge.Add(place + 1, margins);
        }
    }

    private int PlaceOf(ModelPart part, int label) => _sources.ToList().FindIndex(source => source.Part == part && source.Label == label);

    private static StageEvent Shifted(StageEvent told, long before, long total) =>
        told is StageEvent.Progress progress ? progress with { Done = before + progress.Done, Total = total } : told;

    private static float[] Probabilities(Tensor logits, int channel)
    {
        using var scope = NewDisposeScope();
        return logits.softmax(0)[channel].cpu().flatten().data<float>().ToArray();
    }

    private void AddPasses()
    {
        foreach (var part in _model.Parts)
        {
            var own = _sources.Where(source => source.Part == part).Select(source => source.Label).ToList();
            if (own.Count == 0) continue;
            var segmenter = new Segmenter(part, _options.Overlap);
            foreach (var active in segmenter.Passes(own, together: false)) _passes.Add((segmenter, part, active));
        }
    }

    private static IReadOnlyList<ClassSource> Chosen(IReadOnlyList<ClassSource> all, IReadOnlyList<string> names)
    {
        var known = all.Select(source => source.Class.Name).ToList();
        ConfigurationException.ThrowIfAny(names.Except(known).Select(name =>
            $"The model does not segment {name}; {NearestName.Remedy(name, known)}"));
        return names.Count == 0 ? all : [.. all.Where(source => names.Contains(source.Class.Name))];
    }
}
