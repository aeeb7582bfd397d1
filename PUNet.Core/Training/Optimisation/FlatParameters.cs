using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PUNet.Core.Training.Optimisation;

/// <summary>
/// Many parameters laid into one vector, gradients likewise, so that a step of the optimiser, clipping, or the teacher's
/// average is one pass over memory instead of some hundred small ones. The parameters become views of the vector and
/// stay leaves of autograd; their values do not change.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    /// <param name="named">Parameters with unique names, all of one type on one device.</param>
    /// <param name="withGradients">Whether a gradient vector is laid out too (not for a teacher).</param>
    public FlatParameters(IEnumerable<(string Name, Parameter Parameter)> named, bool withGradients = true)
    {
        var items = named.OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        if (items.Count == 0) throw new ArgumentException("There is no parameter to lay out.", nameof(named));
        Names = [.. items.Select(item => item.Name)];
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Values = cat(items.Select(item => item.Parameter.detach().flatten()).ToList()).DetachFromDisposeScope();
        Gradients = withGradients ? zeros_like(Values).DetachFromDisposeScope() : null;
        var offset = 0L;
        foreach (var (_, parameter) in items)
        {
            var count = parameter.numel();
            parameter.set_(Values.narrow(0, offset, count).view(parameter.shape));
            if (Gradients is not null)
                parameter.grad = Gradients.narrow(0, offset, count).view(parameter.shape).DetachFromDisposeScope();
            offset += count;
        }
    }

    /// <summary>Names in the order of the vector.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All values, [n].</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, [n]; autograd accumulates into it.</summary>
    public Tensor? Gradients { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients?.Dispose();
    }
}
