namespace PUNet.Core.Common.Pickle;

/// <summary>The stack of values that a pickle builds its content on, with the marks where lists of values begin.</summary>
/// <param name="bytes">The pickle, which faults are told by.</param>
internal sealed class PickleStack(PickleBytes bytes)
{
    private const int MostValues = 1_000_000;
    private const int MostMarks = 1000;

    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();

    public void Mark()
    {
        if (_marks.Count == MostMarks) throw bytes.Fault($"values are nested more than {MostMarks} deep");
        _marks.Push(_values.Count);
    }

    public void Push(object? value)
    {
        if (_values.Count == MostValues) throw bytes.Fault($"more than {MostValues} values are open at once");
        _values.Add(value);
    }

    public object? Pop()
    {
        var value = Top();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public object? Top() => _values.Count > (_marks.TryPeek(out var mark) ? mark : 0) ? _values[^1] : throw bytes.Fault("a value is missing");

    /// <summary>The topmost value, which must be of a kind.</summary>
    public T Top<T>(string kind) where T : class => Top() as T ?? throw bytes.Fault($"{kind} is expected");

    /// <summary>Takes the last values off, the deepest first.</summary>
    public object?[] Pop(int count)
    {
        var taken = new object?[count];
        for (var i = count - 1; i >= 0; i--) taken[i] = Pop();
        return taken;
    }

    /// <summary>Takes everything above the last mark off, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (!_marks.TryPop(out var mark)) throw bytes.Fault("a mark is missing");
        var taken = _values[mark..].ToArray();
        _values.RemoveRange(mark, taken.Length);
        return taken;
    }
}
