using PUNet.Core.Training.Optimisation;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>What a training does in a step; the loop around it is <see cref="TrainingLoop"/>.</summary>
internal interface ITrainingTask
{
    /// <summary>Everything a checkpoint must hold, under unique names; restored in place.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Optimiser, for its step count.</summary>
    FlatAdamW Optimiser { get; }

    /// <summary>Called once, with the first step to do and the step after the last.</summary>
    void Begin(long first, long end);

    /// <summary>One step; returns figures to average over the epoch.</summary>
    IReadOnlyDictionary<string, double> Step(long step, CancellationToken cancellation);
}
