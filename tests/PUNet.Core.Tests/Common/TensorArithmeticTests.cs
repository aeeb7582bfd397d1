using System.Reflection;
using PUNet.Core.Common;
using TorchSharp;

namespace PUNet.Core.Tests.Common;

public sealed class TensorArithmeticTests
{
    private const byte Call = 0x28;
    private const byte CallVirtual = 0x6f;

    /// <summary>Where scalars are made and kept alive on purpose.</summary>
    private static readonly Dictionary<MethodBase, bool> _inside = [];

    private static readonly string[] _keepers = ["TensorArithmetic", "FlatAdamW", "WeightAverage"];

    [Fact]
    public void No_code_lets_a_scalar_be_made_that_the_finalizer_may_free_while_it_is_read()
    {
        var found = typeof(Extent).Assembly.GetTypes()
            .Where(type => !_keepers.Contains(type.Name) && type.DeclaringType?.Name != "TensorArithmetic")
            .SelectMany(type => type.GetMethods((BindingFlags)(-1)).Cast<MethodBase>().Concat(type.GetConstructors((BindingFlags)(-1)))
                .Where(method => method.DeclaringType == type)
                .SelectMany(method => Calls(method).Where(MakesScalar).Select(call => $"{type.Name}.{method.Name} calls {call}")))
            .ToList();
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Fact]
    public void Sums_products_and_quotients_are_those_of_the_operators()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (torch.tensor(new[] { 1f, -2f }), torch.tensor(new[] { 3f, 5f }));
        Assert.Equal([4f, 3f], a.Plus(b).data<float>().ToArray());
        Assert.Equal([-2f, -7f], a.Minus(b).data<float>().ToArray());
        Assert.Equal([1.5f, -1.5f], a.Plus(0.5).data<float>().ToArray());
        Assert.Equal([0.5f, -1f], a.Times(0.5).data<float>().ToArray());
        Assert.Equal([1f, 4f], a.Squared().data<float>().ToArray());
        Assert.Equal([0.25f, -0.5f], a.Over(4).data<float>().ToArray());
        Assert.Equal([5f, 1f], new[] { a, b, a }.Total().data<float>().ToArray());
        Assert.Equal([1f, -0.02f], a.clone().LeakyReluInPlace(0.01).data<float>().ToArray());
    }

    /// <summary>Whether a method of TorchSharp makes a scalar of a number inside, as square() does of its exponent.</summary>
    private static bool MakesScalarInside(MethodBase call)
    {
        if (call.DeclaringType?.Assembly != typeof(Scalar).Assembly || call.DeclaringType == typeof(Scalar)) return false;
        if (_inside.TryGetValue(call, out var known)) return known;
        _inside[call] = false; // of a method that calls itself
        return _inside[call] = Calls(call).Any(inner =>
            (inner.Name == "op_Implicit" && inner.DeclaringType == typeof(Scalar)) || MakesScalarInside(inner));
    }

    private static bool MakesScalar(MethodBase call)
    {
        if (MakesScalarInside(call)) return true;
        if (call.DeclaringType == typeof(Scalar)) return call.Name == "op_Implicit";
        if (call.DeclaringType == typeof(torch.nn.functional)) return call.Name.Contains("relu", StringComparison.Ordinal);
        if (call.DeclaringType != typeof(torch.Tensor)) return false;
        var withNumber = call.GetParameters().Any(parameter => parameter.ParameterType.IsPrimitive);
        return call.Name switch
        {
            "op_Addition" or "op_Subtraction" => true, // the sum of two tensors has a hidden factor 1
            "op_Multiply" or "op_Division" => withNumber,
            "add" or "add_" or "sub" or "sub_" => call.GetParameters().Length == 1,
            _ => false,
        };
    }

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) yield break;
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] is not (Call or CallVirtual)) continue;
            MethodBase? called = null;
            try
            {
                called = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, i + 1),
                    method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
                    method.IsGenericMethod ? method.GetGenericArguments() : null);
            }
            catch (Exception e) when (e is ArgumentException or BadImageFormatException)
            {
                // Four bytes that look like a call and are part of another instruction.
            }
            if (called is not null) yield return called;
        }
    }
}
