using static TorchSharp.torch;

namespace PUNet.Core.Blocks.Prompts;

/// <summary>Which classes' prompts each batch element uses; every class is computed once and then spread over the batch.</summary>
internal sealed class PromptSelection
{
    private readonly Tensor? _index;
    private readonly int _batch;

    /// <param name="classes">Per batch element the same number (≥ 1) of classes.</param>
    /// <param name="device">Where the network computes.</param>
    public PromptSelection(IReadOnlyList<IReadOnlyList<int>> classes, Device device)
    {
        _batch = classes.Count;
        Count = classes[0].Count;
        if (classes.All(element => element.SequenceEqual(classes[0]))) Classes = [.. classes[0]];
        else
        {
            Classes = [.. classes.SelectMany(element => element).Distinct().Order()];
            _index = tensor(classes.SelectMany(element => element).Select(value => (long)Array.IndexOf(Classes, value)).ToArray()).to(device);
        }
    }

    /// <summary>The distinct classes, in the order of the rows that <see cref="Spread"/> takes.</summary>
    public int[] Classes { get; }

    /// <summary>I: active classes of an element.</summary>
    public int Count { get; }

    /// <summary>[distinct, …] to [B, I, …].</summary>
    public Tensor Spread(Tensor perClass)
    {
        using var scope = NewDisposeScope();
        long[] rest = perClass.shape[1..];
        var spread = _index is null
            ? perClass.unsqueeze(0).expand([_batch, Count, .. rest])
            : perClass.index_select(0, _index).view([_batch, Count, .. rest]);
        return spread.MoveToOuterDisposeScope();
    }
}
