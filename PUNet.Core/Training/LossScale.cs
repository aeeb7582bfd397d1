using PUNet.Core.Common;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Training;

/// <summary>
/// Backward pass and optimiser step. In float16 the loss is multiplied before the backward pass, so that small gradients are
/// not rounded to zero, and gradients are divided after it; a step whose gradients overflow is left out and halves the
/// factor, and 2,000 steps without one double it (Micikevicius et al., Mixed Precision Training, 2018).
/// </summary>
internal sealed class LossScale : IDisposable
{
    private const double First = 65536;
    private const int StepsUntilDoubled = 2000;

    /// <summary>[factor, steps since it changed]; null without scaling.</summary>
    private readonly Tensor? _state;

    public LossScale(ComputePrecision precision)
    {
        if (precision == ComputePrecision.Float16) _state = tensor(new[] { First, 0 }).DetachFromDisposeScope();
    }

    /// <summary>What a checkpoint must hold; empty without scaling.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _state is null ? [] : [KeyValuePair.Create("precision.scale", _state)];

    /// <summary>Says whether a device can train in a precision.</summary>
    /// <exception cref="ConfigurationException">It cannot.</exception>
    public static void Check(ComputePrecision precision, Device device)
    {
        if (precision == ComputePrecision.Float16 && device.type != DeviceType.CUDA)
            throw new ConfigurationException([$"precision Float16 needs a GPU, this training runs on {device.type.ToString().ToLowerInvariant()}. Take Single, or Bfloat16."]);
    }

    /// <summary>Gradients of the loss, then a step of the optimiser.</summary>
    public void Step(Tensor loss, FlatAdamW optimiser)
    {
        if (_state is null)
        {
            loss.backward();
            optimiser.Step();
            return;
        }
        var (factor, steps) = (_state[0].item<double>(), _state[1].item<double>());
        using var scaled = loss.Times(factor);
        scaled.backward();
        (factor, steps) = Unscaled(optimiser, factor) ? Done(optimiser, factor, steps) : (factor / 2, 0);
        using var next = tensor(new[] { factor, steps });
        _state.copy_(next);
    }

    /// <inheritdoc/>
    public void Dispose() => _state?.Dispose();

    private static (double Factor, double Steps) Done(FlatAdamW optimiser, double factor, double steps)
    {
        optimiser.Step();
        return steps + 1 < StepsUntilDoubled ? (factor, steps + 1) : (2 * factor, 0);
    }

    private static bool Unscaled(FlatAdamW optimiser, double factor)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var gradients = optimiser.Groups.Select(group => group.Parameters.Gradients!).ToList();
        if (!gradients.All(gradient => gradient.isfinite().all().item<bool>())) return false;
        foreach (var gradient in gradients) gradient.mul_(TensorArithmetic.Real(1 / factor)); // powers of two: few numbers to keep
        return true;
    }
}
