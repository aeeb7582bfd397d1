using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Imaging.Nifti;
using PUNet.Core.Inference.Components;
using PUNet.Core.Inference.Pictures;
using PUNet.Core.Metrics;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using static TorchSharp.torch;

namespace PUNet.Core.Inference;

/// <summary>
/// Scores a model on a part of a prepared dataset, on the prepared grid, by all of <see cref="SegmentationMetrics"/>: <c>scores.csv</c>,
/// <c>summary.json</c>, predictions in the source geometry, pictures of the first subject that has a class, and of the best, median and
/// worst one (<see cref="SubjectPanels"/>), and the best and the worst of all as volumes (<see cref="SubjectVolumes"/>).
/// A class is scored by its own mask, and of a composition by its part of the merged label map (<see cref="MarginMerge"/>).
/// Subjects whose reference lacks a class do not count for it: in clinical data it is often just not contoured. A class that no subject
/// has gets no score.
/// </summary>
public static class Evaluation
{
    /// <summary>Evaluates a backbone, or the model an adapter makes of it.</summary>
    /// <param name="options">Classes, part, overlap.</param>
    /// <param name="backbone">Folder of a backbone.</param>
    /// <param name="adapter">Folder of an adapter of that backbone; or a composition of several; null: the backbone itself.</param>
    /// <param name="dataset">A prepared dataset, opened with the parts that the options read.</param>
    /// <param name="place">cpu or cuda.</param>
    /// <param name="folders">Where to write.</param>
    /// <param name="report">Told about every subject.</param>
    /// <param name="cancellation">Ends it between subjects.</param>
    public static void Run(
        EvaluationOptions options, string backbone, string? adapter, PreparedDataset dataset, NetworkPlace place,
        StageFolders folders, Action<StageEvent> report, CancellationToken cancellation)
    {
        using var model = AdaptedModel.Load(backbone, adapter, place);
        var subjects = dataset[options.Part];
        if (subjects.Count == 0)
            throw new ConfigurationException([$"The {options.Part} part of the dataset is empty. Give it subjects in the split."]);
        var classes = dataset.LabelsOf(options.Classes);
        var inOnePiece = ComponentChoice.Of(options, classes, model, dataset, cancellation);
        var segmentation = new ModelSegmentation(model, classes, options, inOnePiece);
        var scores = new List<SubjectScore>();
        Directory.CreateDirectory(Path.Combine(folders.Output, "predictions"));
        Directory.CreateDirectory(Path.Combine(folders.Output, "panels"));
        var drawn = new HashSet<int>();
        var (ranking, volumes) = (new SubjectRanking(folders.Output), new VolumeChoice(folders.Output));
        for (var i = 0; i < subjects.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var subject = Load(subjects[i].Id);
            var spacing = subjects[i].Spacing.ToArray();
            var dice = new List<double>();
            var labels = segmentation.Segment(subject, Score, cancellation);
            volumes.Offer(subject.Id, dice, labels);
            NiftiWriter.Write(Path.Combine(folders.Output, "predictions", subject.Id + ".nii.gz"), dataset.Restore(subject.Id, labels));
            report(new StageEvent.Progress("subject", i + 1, subjects.Count, ""));

            void Score(int label, bool[] mask)
            {
                var name = dataset.Classes[label - 1];
                var masks = new MaskPair(mask, subject.Labels, label, subject.Extent, spacing);
                scores.AddRange(SubjectScore.Of(subject.Id, name, masks));
                if (masks.Overlap.Reference == 0) return;
                dice.Add(masks.Overlap.Dice ?? 0);
                ranking.Add(subject, label, name, dice[^1], mask);
                if (drawn.Add(label)) Draw(folders.Output, subject, label, name, mask);
            }
        }
        ranking.Write(Load, cancellation);
        volumes.Write(dataset.Classes, Load, id => dataset.LoadImage(id).Geometry);
        SubjectScore.Write(folders.Output, scores);
        var summary = new EvaluationSummary
        {
            Part = options.Part,
            Subjects = subjects.Count,
            InOnePiece = [.. inOnePiece.Select(label => dataset.Classes[label - 1])],
            TrainedParameters = model.TrainedParameters,
            TotalParameters = model.TotalParameters,
            Classes = [.. classes.Select(label => ClassScore.Of(label, dataset.Classes[label - 1], scores))],
            Warnings = [.. model.Warnings.Where(warning => classes.Contains(warning.Label))],
        };
        summary.Write(folders.Output);
        report(new StageEvent.Message(summary.ToString()));

        LoadedSubject Load(string id) => dataset.Load(id, model.Normalisation);
    }

    private static void Draw(string folder, LoadedSubject subject, int label, string name, bool[] mask)
    {
        bool Reference(long i) => subject.Labels[i] == label;
        var slice = SlicePanel.LargestSlice(subject.Extent, subject.Labels, label);
        SlicePanel.Write(EvaluationPanels.Image(folder, label, name), subject, slice, null, default);
        SlicePanel.Write(EvaluationPanels.Reference(folder, label, name), subject, slice, Reference, SlicePanel.ReferenceColour);
        SlicePanel.Write(EvaluationPanels.Prediction(folder, label, name), subject, slice, i => mask[i], SlicePanel.PredictionColour);
    }
}
