using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Models.Adaptation;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>Segments subjects with all parts of a model into one label map.</summary>
internal sealed class ModelSegmentation
{
    private readonly List<(Segmenter Segmenter, IReadOnlyList<IReadOnlyList<int>> Passes)> _parts = [];
    private readonly IReadOnlyList<int> _classes;
    private readonly bool _composed;
    private readonly IReadOnlyList<int> _inOnePiece;

    /// <param name="model">The model.</param>
    /// <param name="classes">Labels of the classes that are wanted, ascending.</param>
    /// <param name="options">Overlap and passes.</param>
    /// <param name="inOnePiece">Labels of the classes of whose masks the largest component alone is kept.</param>
    /// <exception cref="ConfigurationException">A class is wanted that no adapter predicts.</exception>
    public ModelSegmentation(AdaptedModel model, IReadOnlyList<int> classes, EvaluationOptions options, IReadOnlyList<int> inOnePiece)
    {
        (_classes, _composed, _inOnePiece) = (classes, model.Parts.Count > 1, inOnePiece);
        foreach (var part in model.Parts)
        {
            var segmenter = new Segmenter(part, options.Overlap);
            _parts.Add((segmenter, segmenter.Passes(_composed ? [.. _classes.Intersect(part.Classes)] : _classes, options.OnePass)));
        }
        var unknown = _classes.Except(_parts.SelectMany(part => part.Passes).SelectMany(pass => pass)).ToList();
        if (unknown.Count > 0)
            throw new ConfigurationException(
                [$"No adapter predicts class {string.Join(", ", unknown)}. Evaluate the classes that the model learned."]);
    }

    /// <summary>Segments a subject.</summary>
    /// <param name="subject">Image [H, W, D].</param>
    /// <param name="each">Told the mask of every class: its own, and for a composition its part of the label map.</param>
    /// <param name="cancellation">Ends the work between batches of windows.</param>
    /// <returns>The label map, C-order [H, W, D].</returns>
    public byte[] Segment(LoadedSubject subject, Action<int, bool[]> each, CancellationToken cancellation)
    {
        var merge = new MarginMerge(subject.Extent.Count);
        foreach (var (segmenter, passes) in _parts)
            foreach (var pass in passes.Where(pass => pass.Count > 0))
                foreach (var (label, margins) in segmenter.Margins(subject, pass, cancellation).Where(entry => _classes.Contains(entry.Key)))
                {
                    if (_inOnePiece.Contains(label)) MarginMerge.KeepLargest(margins, subject.Extent);
                    merge.Add(label, margins);
                    if (!_composed) each(label, Array.ConvertAll(margins, margin => margin > 0));
                }
        if (_composed)
            foreach (var label in _classes) each(label, Array.ConvertAll(merge.Labels, found => found == label));
        return merge.Labels;
    }
}
