namespace PUNet.Core.Training.Options;

/// <summary>How learning rates run over a training.</summary>
public enum RateSchedule
{
    /// <summary>The same in every step: the paper's pre-training.</summary>
    Constant,

    /// <summary>One cycle, in steps of an epoch: the paper's adaptation. A training of one epoch has constant rates.</summary>
    OneCycleByEpoch,

    /// <summary>The same cycle, anew in every step, so that it does not depend on what an epoch is.</summary>
    OneCycleByStep,
}
