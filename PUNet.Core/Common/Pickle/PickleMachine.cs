using System.Numerics;

namespace PUNet.Core.Common.Pickle;

/// <summary>
/// Reads a pickle of protocol 2 as plain data and never runs anything: classes and functions are names, and only those of
/// <see cref="PickleVocabulary"/> may occur, each with one fixed meaning. Values are null, bool, long, <see cref="BigInteger"/>,
/// double, string, lists (<c>List&lt;object?&gt;</c>), <see cref="PickleTuple"/>, <see cref="PickleDictionary"/>,
/// <see cref="PickleName"/>, and what the vocabulary makes.
/// </summary>
internal sealed class PickleMachine
{
    private const int MostBytes = 32 << 20;

    private readonly PickleBytes _bytes;
    private readonly PickleStack _stack;
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Func<PickleTuple, object> _persistent;

    private PickleMachine(PickleBytes bytes, Func<PickleTuple, object> persistent) =>
        (_bytes, _stack, _persistent) = (bytes, new PickleStack(bytes), persistent);

    /// <summary>Reads a pickle.</summary>
    /// <param name="pickle">Its bytes.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="persistent">Gives the value that lies outside the pickle under an identifier; throws <see cref="FormatException"/>.</param>
    /// <exception cref="CheckpointException">It is damaged, or asks for something else than data; the message tells what and where.</exception>
    public static object? Read(ReadOnlyMemory<byte> pickle, string source, Func<PickleTuple, object> persistent)
    {
        if (pickle.Length > MostBytes)
            throw new CheckpointException(
                $"{source} cannot be read: it describes its content in {pickle.Length} bytes, more than the {MostBytes} that a checkpoint needs.");
        var bytes = new PickleBytes(pickle, source);
        try
        {
            return new PickleMachine(bytes, persistent).Run();
        }
        catch (FormatException fault)
        {
            throw bytes.Fault(fault.Message, fault);
        }
    }

    private object? Run()
    {
        while (true)
        {
            var operation = _bytes.Operation();
            if (operation == PickleOpcode.Stop) return _stack.Pop();
            Step(operation);
        }
    }

    private void Step(PickleOpcode operation)
    {
        switch (operation)
        {
            case PickleOpcode.Protocol:
                if (_bytes.Byte() is var protocol && protocol != 2) throw _bytes.Fault($"the pickle protocol is {protocol}, not 2");
                break;
            case PickleOpcode.Mark: _stack.Mark(); break;
            case PickleOpcode.Pop: _stack.Pop(); break;
            case PickleOpcode.PopMark: _stack.PopToMark(); break;
            case PickleOpcode.None: _stack.Push(null); break;
            case PickleOpcode.True: _stack.Push(true); break;
            case PickleOpcode.False: _stack.Push(false); break;
            case PickleOpcode.Byte: _stack.Push((long)_bytes.Byte()); break;
            case PickleOpcode.UInt16: _stack.Push((long)_bytes.UInt16()); break;
            case PickleOpcode.Int32: _stack.Push((long)_bytes.Int32()); break;
            case PickleOpcode.ShortInteger: _stack.Push(Integer(_bytes.Byte())); break;
            case PickleOpcode.LongInteger: _stack.Push(Integer(_bytes.Int32())); break;
            case PickleOpcode.Float: _stack.Push(_bytes.Double()); break;
            case PickleOpcode.LongText: _stack.Push(_bytes.Text(_bytes.UInt32())); break;
            case PickleOpcode.EmptyTuple: _stack.Push(new PickleTuple([])); break;
            case PickleOpcode.Tuple1: _stack.Push(new PickleTuple(_stack.Pop(1))); break;
            case PickleOpcode.Tuple2: _stack.Push(new PickleTuple(_stack.Pop(2))); break;
            case PickleOpcode.Tuple3: _stack.Push(new PickleTuple(_stack.Pop(3))); break;
            case PickleOpcode.Tuple: _stack.Push(new PickleTuple(_stack.PopToMark())); break;
            case PickleOpcode.EmptyList: _stack.Push(new List<object?>()); break;
            case PickleOpcode.EmptyDictionary: _stack.Push(new PickleDictionary()); break;
            case PickleOpcode.Append: Append(_stack.Pop(1)); break;
            case PickleOpcode.Appends: Append(_stack.PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(_stack.Pop(2)); break;
            case PickleOpcode.SetItems: SetItems(_stack.PopToMark()); break;
            case PickleOpcode.Put: _memo[_bytes.Byte()] = _stack.Top(); break;
            case PickleOpcode.LongPut: _memo[_bytes.UInt32()] = _stack.Top(); break;
            case PickleOpcode.Get: _stack.Push(Remembered(_bytes.Byte())); break;
            case PickleOpcode.LongGet: _stack.Push(Remembered(_bytes.UInt32())); break;
            case PickleOpcode.Persistent: _stack.Push(_persistent(Popped<PickleTuple>("an identifier"))); break;
            case PickleOpcode.Global: _stack.Push(PickleVocabulary.Name(_bytes.Line(), _bytes.Line())); break;
            case PickleOpcode.Reduce or PickleOpcode.New: Make(); break;
            case PickleOpcode.Build: Build(_stack.Pop()); break;
            default: throw _bytes.Fault($"stands the operation 0x{(byte)operation:x2}, which no checkpoint needs");
        }
    }

    private T Popped<T>(string kind) where T : class => _stack.Pop() as T ?? throw _bytes.Fault($"{kind} is expected");

    private object Integer(int length)
    {
        var value = new BigInteger(_bytes.Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private object? Remembered(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw _bytes.Fault($"the value {index} is used before it is there");

    private void Append(object?[] items) => _stack.Top<List<object?>>("a list").AddRange(items);

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0) throw _bytes.Fault("a key has no value");
        var target = _stack.Top<PickleDictionary>("a dictionary");
        for (var i = 0; i < items.Length; i += 2) target.Add(items[i], items[i + 1]);
    }

    private void Make()
    {
        var arguments = Popped<PickleTuple>("a tuple of arguments");
        _stack.Push(PickleVocabulary.Make(Popped<PickleName>("a name"), arguments.Items));
    }

    /// <summary>Named values of an object; nothing is copied, so that no repetition can grow them.</summary>
    private void Build(object? state)
    {
        if (state is not PickleDictionary values) throw _bytes.Fault("an object has a state that is none of named values");
        _stack.Top<PickleDictionary>("an object of named values").Attributes = values;
    }
}
