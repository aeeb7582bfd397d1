using PUNet.Core.Blocks;
using PUNet.Core.Common;
using PUNet.Core.Models.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace PUNet.Core.Models.Adaptation;

/// <summary>First values of the prompts of classes that a backbone has not seen (method.md, section 4, "Initialisation of new classes").</summary>
public static class NewClassPrompts
{
    /// <summary>Draws tokens and bias tables of the classes as for a fresh network.</summary>
    public static void DrawRandom(SegmentationNetwork network, IReadOnlyCollection<int> newClasses, RandomStream stream)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var generator = stream.TorchGenerator();
        var draw = new Initialisation(generator);
        foreach (var parameter in OwnedBy(network, newClasses)) parameter.Value.copy_(draw.XavierUniform(parameter.Value.shape));
    }

    /// <summary>Sets the classes' tokens in every pool to the mean of the base classes' tokens; their bias tables stay as they are.</summary>
    /// <exception cref="ArgumentException">There is no base class, or one is new itself.</exception>
    public static void TakeMean(SegmentationNetwork network, IReadOnlyCollection<int> newClasses, IReadOnlyCollection<int> baseClasses)
    {
        if (baseClasses.Count == 0) throw new ArgumentException("A mean needs at least one base class.", nameof(baseClasses));
        if (baseClasses.Intersect(newClasses).Any()) throw new ArgumentException("A new class cannot be a base class too.", nameof(baseClasses));
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var parameters = ParameterGroups.Of(network).ToDictionary(parameter => parameter.Name, parameter => (Tensor)parameter.Value);
        foreach (var tokens in OwnedBy(network, newClasses).Where(parameter => parameter.Role == ParameterRole.PromptTokens))
        {
            var pool = tokens.Name[..(tokens.Name.LastIndexOf('.') + 1)];
            tokens.Value.copy_(stack(baseClasses.Select(value => parameters[$"{pool}{value}"])).mean([0]));
        }
    }

    private static IEnumerable<NetworkParameter> OwnedBy(SegmentationNetwork network, IReadOnlyCollection<int> classes) =>
        ParameterGroups.Of(network).Where(parameter => parameter.Class is { } owner && classes.Contains(owner));
}
