namespace PUNet.Core.Common;

/// <summary>
/// The active classes of a batch, which networks, targets and losses take: for each element the same number of foreground
/// classes, ascending. Immutable.
/// </summary>
public sealed class ActiveClasses
{
    private readonly int[][] _classes;

    /// <param name="classes">Per batch element its foreground classes, ascending.</param>
    /// <exception cref="ArgumentException">No element, different counts, a class below 1 or not below <see cref="IgnoredLabel"/>, or not
    /// ascending.</exception>
    public ActiveClasses(IEnumerable<IEnumerable<int>> classes)
    {
        _classes = [.. classes.Select(element => element.ToArray())];
        if (_classes.Length == 0) throw new ArgumentException("Active classes need at least one batch element.", nameof(classes));
        for (var i = 0; i < _classes.Length; i++) Check(i);
    }

    /// <summary>Batch size B.</summary>
    public int Batch => _classes.Length;

    /// <summary>n_active: active foreground classes of each element.</summary>
    public int Count => _classes[0].Length;

    /// <summary>Foreground classes of a batch element.</summary>
    public IReadOnlyList<int> this[int element] => _classes[element];

    /// <summary>The largest active class; 0 where none is active.</summary>
    public int Largest => _classes.Max(element => element.DefaultIfEmpty().Max());

    /// <summary>The same classes for every element.</summary>
    public static ActiveClasses Same(int batch, params int[] classes) => new(Enumerable.Repeat(classes, batch));

    /// <summary>No active class: only background, and no prompts in the blocks.</summary>
    public static ActiveClasses None(int batch) => Same(batch);

    /// <summary>These classes and further ones that are active for every element.</summary>
    /// <param name="further">Foreground classes, none of them active here; in any order.</param>
    /// <exception cref="ArgumentException">One of them is active already or is no foreground class.</exception>
    public ActiveClasses With(IReadOnlyCollection<int> further) => new(_classes.Select(element => element.Concat(further).Order()));

    /// <summary>Per element background and the active classes, ascending.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> WithBackground() => [.. _classes.Select(element => (int[])[0, .. element])];

    /// <summary>Per element the active foreground classes.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Foreground() => _classes;

    private void Check(int element)
    {
        var classes = _classes[element];
        if (classes.Length != Count)
            throw new ArgumentException(
                $"Every batch element has the same number of active classes: element 0 has {Count}, element {element} has {classes.Length}.");
        for (var i = 0; i < classes.Length; i++)
            if (classes[i] <= (i == 0 ? 0 : classes[i - 1]) || classes[i] >= IgnoredLabel.Value)
                throw new ArgumentException(
                    $"Active classes are foreground (1 to {IgnoredLabel.Value - 1}) and ascending: "
                    + $"element {element} has {string.Join(", ", classes)}.");
    }
}
