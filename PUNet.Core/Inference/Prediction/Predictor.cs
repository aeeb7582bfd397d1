using PUNet.Core.Common;
using PUNet.Core.Data.Grids;
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
    private readonly List<(Segmenter Segmenter, IReadOnlyList<int> Pass)> _passes = [];
    private readonly HashSet<int> _inOnePiece;

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
        _grid = card.Grid ?? throw new ConfigurationException([
            $"The model in {backbone} does not say onto which grid its scans were brought: it was made before that was kept. "
                + "Run its pre-training again.",
        ]);
        _options = options;
        _model = AdaptedModel.LoadWithBase(backbone, adapters, place);
        try
        {
            var learned = Learned(card, _model);
            Classes = Chosen(card, [.. learned.Keys.Order()], options.Classes);
            _inOnePiece = [.. Chosen(card, [.. Classes.Select(known => known.Label)], options.LargestComponent, none: true).Select(c => c.Label)];
            AddPasses(learned);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>The classes of the label maps, in the order of their labels.</summary>
    public IReadOnlyList<PredictedClass> Classes { get; }

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
        return files.Write(labels);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>The labels of every voxel of the model's grid, C-order.</summary>
    private byte[] Segment(GriddedImage image, PredictionFiles files, Action<StageEvent> report, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var (extent, merge) = (image.Volume.Extent, new MarginMerge(image.Volume.Extent.Count));
        var volume = _passes[0].Segmenter.Volume(_model.Normalisation.Apply(image.Volume.Data), extent);
        var windows = _passes[0].Segmenter.Windows(extent);
        for (var i = 0; i < _passes.Count; i++)
        {
            using var pass = NewDisposeScope();
            var (segmenter, active) = _passes[i];
            var before = (long)i * windows;
            var logits = segmenter.Logits(volume, active, told => report(Shifted(told, before, (long)_passes.Count * windows)), cancellation);
            for (var channel = 1; channel <= active.Count; channel++)
            {
                if (Classes.FirstOrDefault(known => known.Label == active[channel - 1]) is not { } wanted) continue;
                if (_options.Probabilities) files.Write(wanted, Probabilities(logits, channel));
                var margins = Segmenter.Margin(logits, channel);
                if (_inOnePiece.Contains(wanted.Label)) MarginMerge.KeepLargest(margins, extent);
                merge.Add(wanted.Label, margins);
            }
        }
        return merge.Labels;
    }

    private static StageEvent Shifted(StageEvent told, long before, long total) =>
        told is StageEvent.Progress progress ? progress with { Done = before + progress.Done, Total = total } : told;

    private static float[] Probabilities(Tensor logits, int channel)
    {
        using var scope = NewDisposeScope();
        return logits.softmax(0)[channel].cpu().flatten().data<float>().ToArray();
    }

    /// <summary>Which part segments which label.</summary>
    private static Dictionary<int, ModelPart> Learned(ModelCard card, AdaptedModel model)
    {
        var learned = new Dictionary<int, ModelPart>();
        foreach (var part in model.Parts)
            foreach (var label in part.Classes)
                if (!learned.TryAdd(label, part))
                    throw new CheckpointException($"Two of the adapters segment {card.Classes[label - 1]}. Leave one of them out.");
        return learned;
    }

    private void AddPasses(Dictionary<int, ModelPart> learned)
    {
        foreach (var part in _model.Parts)
        {
            var own = Classes.Select(known => known.Label).Where(label => learned[label] == part).ToList();
            if (own.Count == 0) continue;
            var segmenter = new Segmenter(part, _options.Overlap);
            foreach (var pass in segmenter.Passes(own, together: false)) _passes.Add((segmenter, pass));
        }
    }

    private static IReadOnlyList<PredictedClass> Chosen(ModelCard card, IReadOnlyList<int> learned, IReadOnlyList<string> names, bool none = false)
    {
        var all = learned.Select(label => new PredictedClass(label, card.SourceLabel(label), card.Classes[label - 1])).ToList();
        if (names.Count == 0) return none ? [] : all;
        ConfigurationException.ThrowIfAny(names.Where(name => all.TrueForAll(known => known.Name != name)).Select(name =>
            $"The model does not segment {name}; {NearestName.Remedy(name, [.. all.Select(known => known.Name)])}."));
        return [.. all.Where(known => names.Contains(known.Name))];
    }
}
