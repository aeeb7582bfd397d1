using PUNet.Core.Common;
using PUNet.Core.Models;
using PUNet.Core.Models.Adaptation;
using PUNet.Core.Models.Parameters;

namespace PUNet.Core.Inference.Prediction;

/// <summary>Which part of a model segments a class, and by which label.</summary>
/// <param name="Part">The part.</param>
/// <param name="Label">Its label there.</param>
/// <param name="Class">What it is called in results.</param>
internal sealed record ClassSource(ModelPart Part, int Label, PredictedClass Class)
{
    /// <summary>All classes of a model: the backbone's, then those of its adapters in their order.</summary>
    /// <exception cref="CheckpointException">Two parts segment a class of one name.</exception>
    public static IReadOnlyList<ClassSource> Of(ModelCard card, AdaptedModel model)
    {
        var sources = new List<ClassSource>();
        foreach (var part in model.Parts)
            for (var i = 0; i < part.Classes.Count; i++)
            {
                var (name, value) = Described(card, part, i);
                if (sources.Exists(source => source.Class.Name == name))
                    throw new CheckpointException($"Two parts of the model segment {name}. Leave one of its adapters out.");
                sources.Add(new(part, part.Classes[i], new(Free(card, sources, value, name), name)));
            }
        return sources;
    }

    private static (string Name, int Value) Described(ModelCard card, ModelPart part, int i)
    {
        var label = part.Classes[i];
        var name = part.Card?.ClassNames?.ElementAtOrDefault(i) ?? card.Classes.ElementAtOrDefault(label - 1) ?? $"class {label}";
        return (name, part.Card?.Labels?.ElementAtOrDefault(i) is > 0 and var own ? own : card.SourceLabel(label));
    }

    /// <summary>The value itself where no other class of backbone or results has it; else the first one above all.</summary>
    private static int Free(ModelCard card, List<ClassSource> sources, int value, string name)
    {
        var taken = card.Classes.Select((known, i) => (Name: known, Value: card.SourceLabel(i + 1))).Where(entry => entry.Name != name)
            .Select(entry => entry.Value).Concat(sources.Select(source => source.Class.Value)).ToHashSet();
        return taken.Contains(value) ? taken.Max() + 1 : value;
    }
}
