using TorchSharp;

namespace PUNet.Core.Models;

/// <summary>The active foreground classes of a batch: for each element the same number of ascending class indices ≥ 1. Immutable.</summary>
public sealed class ActiveClasses
{
    private readonly int[][] _classes;

    /// <param name="classes">Per batch element its foreground classes, ascending.</param>
    /// <exception cref="ArgumentException">No element, different counts, a class below 1, or not strictly ascending.</exception>
    public ActiveClasses(IEnumerable<IEnumerable<int>> classes)
    {
        _classes = [.. classes.Select(element => element.ToArray())];
        if (_classes.Length == 0) throw new ArgumentException("Active classes need at least one batch element.", nameof(classes));
        for (var i = 0; i < _classes.Length; i++) Check(i);
    }

    /// <summary>Batch size B.</summary>
    public int Batch => _classes.Length;

    /// <summary>Active foreground classes of each element.</summary>
    public int Count => _classes[0].Length;

    /// <summary>Foreground classes of a batch element.</summary>
    public IReadOnlyList<int> this[int element] => _classes[element];

    /// <summary>The largest active class; 0 where none is active.</summary>
    public int Largest => _classes.Max(element => element.DefaultIfEmpty().Max());

    /// <summary>The same classes for every element.</summary>
    public static ActiveClasses Same(int batch, params int[] classes) => new(Enumerable.Repeat(classes, batch));

    /// <summary>No active class: only background, and no prompts in the blocks.</summary>
    public static ActiveClasses None(int batch) => Same(batch);

    /// <summary>From a 0/1 tensor [B, classes]; column 0, background, is ignored.</summary>
    /// <exception cref="ArgumentException">Not two axes, or rows of different counts.</exception>
    public static ActiveClasses From(torch.Tensor indicators)
    {
        if (indicators.dim() != 2) throw new ArgumentException($"Active classes are [B, classes], not {indicators.dim()} axes.", nameof(indicators));
        using var scope = torch.NewDisposeScope();
        var (rows, columns) = ((int)indicators.shape[0], (int)indicators.shape[1]);
        var values = indicators.to(torch.float32).cpu().contiguous().data<float>().ToArray();
        return new ActiveClasses(Enumerable.Range(0, rows).Select(row => Enumerable.Range(1, columns - 1).Where(column => values[row * columns + column] > 0.5f)));
    }

    /// <summary>Per element background and the active classes, ascending.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> WithBackground() => [.. _classes.Select(element => (int[])[0, .. element])];

    /// <summary>Per element the active foreground classes.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Foreground() => _classes;

    private void Check(int element)
    {
        var classes = _classes[element];
        if (classes.Length != Count)
            throw new ArgumentException($"Every batch element has the same number of active classes: element 0 has {Count}, element {element} has {classes.Length}.");
        for (var i = 0; i < classes.Length; i++)
            if (classes[i] < 1 || (i > 0 && classes[i] <= classes[i - 1]))
                throw new ArgumentException($"Active classes are ascending and at least 1: element {element} has {string.Join(", ", classes)}.");
    }
}
