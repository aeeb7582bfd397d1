using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Optimisation;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019) with PyTorch's order of operations, on flat vectors: each group is a few
/// vector operations however many parameters it has. Gradient values are clipped first.
/// </summary>
public sealed class FlatAdamW : IDisposable
{
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly double _weightDecay;
    private readonly double _clip;

    /// <param name="groups">Groups with their own rate, in a fixed order.</param>
    /// <param name="weightDecay">Decoupled decay per unit of rate.</param>
    /// <param name="clip">Gradient values are clipped to ±clip (method.md, section 4: 1).</param>
    public FlatAdamW(IEnumerable<(string Name, FlatParameters Parameters, double Rate)> groups, double weightDecay, double clip = 1)
    {
        Groups = [.. groups.Select(group => new Group(group.Name, group.Parameters, group.Rate))];
        (_weightDecay, _clip) = (weightDecay, clip);
    }

    /// <summary>The groups; rate and beta 1 may be set between steps.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>Both moments of every group under unique names, for a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Moments => Groups.SelectMany(group => new[]
    {
        KeyValuePair.Create($"optimiser.{group.Name}.mean", group.Mean),
        KeyValuePair.Create($"optimiser.{group.Name}.square", group.Square),
    });

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach (var group in Groups) group.Parameters.Gradients!.zero_();
    }

    /// <summary>One step from the gradients accumulated so far.</summary>
    public void Step()
    {
        Steps++;
        foreach (var group in Groups) Update(group);
    }

    private void Update(Group group)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var (values, gradients) = (group.Parameters.Values, group.Parameters.Gradients!);
        // Disposed by `using`, and so alive while the native call reads them: see TensorArithmetic.
        using Scalar low = -_clip, high = _clip, kept = 1 - group.Rate * _weightDecay;
        using Scalar beta1 = group.Beta1, fresh1 = 1 - group.Beta1, beta2 = Beta2, fresh2 = 1 - Beta2, epsilon = Epsilon, one = 1;
        using Scalar correction = Math.Sqrt(1 - Math.Pow(Beta2, Steps)), step = -group.Rate / (1 - Math.Pow(group.Beta1, Steps));
        gradients.clamp_(low, high);
        if (_weightDecay != 0) values.mul_(kept);
        group.Mean.mul_(beta1).add_(gradients, fresh1);
        group.Square.mul_(beta2).addcmul_(gradients, gradients, fresh2);
        var denominator = group.Square.sqrt().div_(correction).add_(epsilon, one);
        values.addcdiv_(group.Mean, denominator, step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in Groups)
        {
            group.Mean.Dispose();
            group.Square.Dispose();
        }
    }

    /// <summary>Parameters that share a rate, with their moments.</summary>
    public sealed class Group
    {
        internal Group(string name, FlatParameters parameters, double rate)
        {
            (Name, Parameters, Rate) = (name, parameters, rate);
            Mean = zeros_like(parameters.Values).DetachFromDisposeScope();
            Square = zeros_like(parameters.Values).DetachFromDisposeScope();
        }

        public string Name { get; }

        public FlatParameters Parameters { get; }

        /// <summary>Learning rate of the next step.</summary>
        public double Rate { get; set; }

        /// <summary>Decay of the first moment.</summary>
        public double Beta1 { get; set; } = 0.9;

        /// <summary>First moment, [n].</summary>
        public Tensor Mean { get; }

        /// <summary>Second moment, [n].</summary>
        public Tensor Square { get; }
    }
}
