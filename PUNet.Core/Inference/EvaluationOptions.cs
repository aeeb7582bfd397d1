using PUNet.Core.Common;
using PUNet.Core.Common.Settings;
using PUNet.Core.Inference.Components;

namespace PUNet.Core.Inference;

/// <summary>How a model is evaluated (method.md, section 4).</summary>
public sealed record EvaluationOptions
{
    /// <summary>What scripts start from: the largest component of organs that gain by it on validation subjects. The paper's keeps all.</summary>
    public static EvaluationOptions Recommended { get; } = new() { Components = ComponentRule.ByValidation };

    /// <summary>Names of the classes to be scored.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Which part of the dataset.</summary>
    public Part Part { get; init; } = Part.Test;

    /// <summary>Overlap of neighbouring windows as a share of the window.</summary>
    [Within(0, 0.95, "the next window begins at least a twentieth of a window further")]
    public double Overlap { get; init; } = 0.5;

    /// <summary>All classes active in one pass, instead of one pass per class.</summary>
    public bool OnePass { get; init; }

    /// <summary>Which connected components of a mask are kept.</summary>
    public ComponentRule Components { get; init; }

    /// <summary>The parts whose subjects are segmented: the one that is scored, and the validation part where components are chosen by it.</summary>
    public IReadOnlyList<Part> Reads() => Components == ComponentRule.ByValidation && Part != Part.Validation ? [Part, Part.Validation] : [Part];

    /// <summary>Every fault of these options, none if they can be used.</summary>
    public IReadOnlyList<Fault> Faults() => Limits.Of(this);
}
