using System.Globalization;
using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Optimisation;

/// <summary>
/// Backward pass and optimiser step. In float16 the loss is multiplied before the backward pass, so that small gradients are
/// not rounded to zero, and gradients are divided after it; a step whose gradients overflow is left out and halves the
/// factor, and 2,000 steps without one double it (Micikevicius et al., Mixed Precision Training, 2018). A step that overflows although
/// nothing is multiplied any more is a divergence.
/// </summary>
internal sealed class LossScale : IDisposable
{
    private const double First = 65536;
    private const int StepsUntilDoubled = 2000;

    /// <summary>[factor, steps since it changed]; null without scaling.</summary>
    private readonly Tensor? _state;
    private readonly ComputePrecision _precision;

    public LossScale(ComputePrecision precision)
    {
        _precision = precision;
        if (precision == ComputePrecision.Float16) _state = tensor(new[] { First, 0 }).DetachFromDisposeScope();
    }

    /// <summary>What a checkpoint must hold; empty without scaling.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _state is null ? [] : [KeyValuePair.Create("precision.scale", _state)];

    /// <summary>Says whether a device can train in a precision.</summary>
    /// <exception cref="ConfigurationException">It cannot.</exception>
    public static void Check(ComputePrecision precision, Device device)
    {
        if (precision == ComputePrecision.Float16 && device.type != DeviceType.CUDA)
            throw new ConfigurationException([
                $"precision Float16 needs a GPU, this training runs on {device.type.ToString().ToLowerInvariant()}. "
                    + "Take Single, or Bfloat16.",
            ]);
    }

    /// <summary>
    /// Gradients of the loss, then a step of the optimiser. Everything is read from the device once, between the two, so that what is not
    /// finite never reaches the parameters.
    /// </summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="parts">The scalars that it consists of, by name.</param>
    /// <param name="optimiser">What steps.</param>
    /// <param name="figures">Further scalars that are worth logging, by name; read in the same transfer.</param>
    /// <returns>The parts' values, and the figures'.</returns>
    /// <exception cref="DivergenceException">
    /// A part of the loss is not finite, or a gradient that no scaling is to blame for; parameters and optimiser are unchanged.
    /// </exception>
    public IReadOnlyDictionary<string, double> Step(
        Tensor loss, IReadOnlyDictionary<string, Tensor> parts, FlatAdamW optimiser, IReadOnlyDictionary<string, Tensor>? figures = null)
    {
        var factor = _state is null ? 1 : _state[0].item<double>();
        using var scope = NewDisposeScope();
        (_state is null ? loss : loss.Times(factor)).backward();
        var (values, finite) = Read(figures is null ? parts : parts.Concat(figures).ToDictionary(), optimiser);
        var losses = parts.Keys.ToDictionary(name => name, name => values[name]);
        if (!losses.Values.All(double.IsFinite)) throw Diverged("its loss is not finite", losses);
        if (finite)
        {
            Unscale(optimiser, factor);
            optimiser.Step();
        }
        else if (factor <= 1) throw Diverged("its loss is finite, but not all of its gradients are", losses);
        Follow(finite, factor);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _state?.Dispose();

    /// <summary>Values of scalars, and whether all gradients are finite.</summary>
    private static (Dictionary<string, double> Values, bool Finite) Read(IReadOnlyDictionary<string, Tensor> scalars, FlatAdamW optimiser)
    {
        using var noGradients = no_grad();
        var largest = optimiser.Groups.Select(group => group.Parameters.Gradients!.abs().max()); // NaN where there is one
        var all = scalars.Values.Concat(largest).Select(value => value.detach().to_type(ScalarType.Float64).reshape([]));
        var read = stack(all).cpu().data<double>().ToArray();
        return (scalars.Keys.Zip(read).ToDictionary(scalar => scalar.First, scalar => scalar.Second), read[scalars.Count..].All(double.IsFinite));
    }

    private static void Unscale(FlatAdamW optimiser, double factor)
    {
        if (factor == 1) return;
        using var noGradients = no_grad();
        var inverse = TensorArithmetic.Real(1 / factor); // powers of two: few numbers to keep
        foreach (var group in optimiser.Groups) group.Parameters.Gradients!.mul_(inverse);
    }

    /// <summary>The factor of the next step.</summary>
    private void Follow(bool finite, double factor)
    {
        if (_state is null) return;
        var steps = finite ? _state[1].item<double>() + 1 : 0;
        if (!finite) factor /= 2;
        else if (steps == StepsUntilDoubled) (factor, steps) = (2 * factor, 0);
        using var next = tensor(new[] { factor, steps });
        _state.copy_(next);
    }

    private DivergenceException Diverged(string what, IReadOnlyDictionary<string, double> figures)
    {
        var values = string.Join(", ", figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value:G3}")));
        var precision = _precision == ComputePrecision.Single ? "" : $", precision Single instead of {_precision}";
        return new($"{what} ({values}). Try smaller rates (body_rate, prompt_rate), a smaller gradient_clip{precision}; "
            + "where it is the first step, look for damaged scans.");
    }
}
