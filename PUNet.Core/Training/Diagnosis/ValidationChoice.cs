using System.Globalization;
using PUNet.Core.Common;
using PUNet.Core.Data;
using PUNet.Core.Data.Prepared;
using PUNet.Core.Models;
using PUNet.Core.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Diagnosis;

/// <summary>
/// Keeps the parameters of the epoch whose Dice on crops of the validation subjects is best (early stopping that trains on; Prechelt, 1998), with the
/// statistics that belonged to them. Deviation: the paper takes the last epoch.
/// </summary>
internal sealed class ValidationChoice : IDisposable
{
    private const int MostCrops = 64;
    private readonly CropSegmentation _segmentation;
    private readonly Func<string, ISubjectVoxels> _load;
    private readonly List<(int Label, DiagnosticCrops Crops)> _crops;
    private readonly List<(string Name, Tensor Current, Tensor Best)> _tensors;

    /// <summary>[Dice, epoch] of the best one; negative before the first.</summary>
    private readonly Tensor _best = tensor(new[] { -1.0, 0 }).DetachFromDisposeScope();

    /// <param name="network">What is tuned.</param>
    /// <param name="card">Of its backbone.</param>
    /// <param name="learned">Labels of the new classes, ascending.</param>
    /// <param name="subjects">The validation subjects.</param>
    /// <param name="load">Gives one's voxels.</param>
    /// <param name="optimiser">What trains the parameters.</param>
    /// <param name="random">Draws the crops.</param>
    public ValidationChoice(
        SegmentationNetwork network, ModelCard card, IReadOnlyList<int> learned, IReadOnlyList<PreparedSubject> subjects,
        Func<string, ISubjectVoxels> load, FlatAdamW optimiser, RandomStream random)
    {
        if (subjects.Count == 0)
            throw new ConfigurationException(
                ["best_of_validation needs validation subjects, and the validation part is empty. Give it subjects, or remove it."]);
        (_segmentation, _load) = (new CropSegmentation(network, card, learned), load);
        DiagnosticCrops Crops(int label) =>
            new(subjects, [label], MostCrops, network.Configuration.StudentPatch, random.Child($"class/{label}"));
        _crops = [.. learned.Select(label => (label, Crops(label)))];
        using var scope = NewDisposeScope();
        var current = optimiser.Groups.Select(group => (group.Name, group.Parameters.Values))
            .Concat(network.named_buffers().Select(item => (item.name, item.buffer)));
        _tensors = [.. current.Select(item => ($"best.{item.Item1}", item.Item2, item.Item2.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>What a checkpoint must hold.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        _tensors.Select(item => KeyValuePair.Create(item.Name, item.Best)).Append(KeyValuePair.Create("best", _best));

    /// <summary>best of validation: epoch 3 (Dice 71.2 % on crops).</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture, $"best of validation: epoch {_best[1].item<double>():0} (Dice {100 * _best[0].item<double>():0.0} % on crops)");

    /// <summary>Keeps what the network holds, where it is the best so far.</summary>
    /// <param name="epoch">The epoch that has ended, from 1.</param>
    public void Consider(int epoch)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var dice = _crops.Select(item => _segmentation.Of(item.Label, item.Crops, _load).Dice).OfType<double>().DefaultIfEmpty().Average();
        if (dice <= _best[0].item<double>()) return;
        foreach (var (_, current, best) in _tensors) best.copy_(current);
        _best.copy_(tensor(new[] { dice, epoch }));
    }

    /// <summary>Gives the network what was kept.</summary>
    public void Adopt()
    {
        using var noGradients = no_grad();
        foreach (var (_, current, best) in _tensors) current.copy_(best);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, best) in _tensors) best.Dispose();
        _best.Dispose();
    }
}
