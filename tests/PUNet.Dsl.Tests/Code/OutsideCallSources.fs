/// A library with every way in which code outside of it comes to call it, and the other library that does so.
module PUNet.Dsl.Tests.Code.OutsideCallSources

/// What is not looked into.
let other =
    """
using System;
using System.Collections.Generic;
namespace Other;

public abstract class Layer { public double Call(double x) => Forward(x); protected virtual double Forward(double x) => x; }
public abstract class Function<T> where T : Function<T>, new()
{
    public static double Apply(double x) => new T().Run(x);
    public abstract double Run(double x);
}
public interface IRule { double Of(double x); }
public interface IScaled<T> where T : IScaled<T> { static abstract double Scale(double x); }
[AttributeUsage(AttributeTargets.All)] public sealed class MadeByAttribute(Type type) : Attribute { public Type Type { get; } = type; }
public static class Host
{
    public static double Use(Func<double, double> f) => f(1);
    public static double Scaled<T>() where T : IScaled<T> => T.Scale(1);
    public static double Rule(IRule rule) => rule.Of(1);
    public static object Make(Type type) => Activator.CreateInstance(type)!;
    public static void Close(object any) => (any as IDisposable)?.Dispose();
}
"""

let own =
    """
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Other;
namespace Lab;

public static class Entry
{
    public static double Run(double x)
    {
        var total = Squared.Apply(x) + new Dense().Call(x) + Host.Use(Handed) + Host.Scaled<Half>() + Host.Rule(new Linear());
        var numbers = new List<int> { 3, 1, 2 };
        numbers.Sort(new Reversed());
        foreach (var number in new Numbers()) total += number;
        Host.Close(new Resource());
        total += Ask<Mine>() + new Lazy<Late>().Value.Of() + Later().Result;
        Key key = default;
        var named = new Dictionary<Name, int> { [new Name("a")] = 1 };
        IFirst both = new Both();
        Old shadowed = new New();
        total += both.M() + shadowed.Get() + key.ToString().Length + named.Count + (new Key() + new Key()).Value;
        Host.Make(typeof(Plain));
        total += JsonSerializer.Serialize(new Card()).Length + JsonSerializer.Serialize(new { first = 1 }).Length;
        object untyped = new Sheet();
        total += JsonSerializer.Serialize(untyped).Length + Absolute(-1) + Overlaid() + Color.Red.ToString().Length + State.Value;
        return total + Unmade(null) + Field<Row>.Default.Width;
    }

    static double Handed(double x) => x + 31;
    static double Ask<T>() where T : IOwn<T> => T.Own();
    static async Task<double> Later() { await Task.Yield(); return 3.5; }
    [DllImport("c", EntryPoint = "abs")] static extern int Absolute(int x);
    static double Overlaid() { Overlay both = new() { Whole = 258 }; return both.Part; }
    static double Unmade(Never? never) => never is null ? 0 : never.Call(1);
    static double Unused() => 78;
}

public static class State
{
    [ThreadStatic] public static int Value;
    [ModuleInitializer] internal static void Begin() => Value = 5;
}
public sealed class Squared : Function<Squared> { public override double Run(double x) => Deep.Of(x); }
public static class Deep { public static double Of(double x) => x * 21; public static double Idle() => 22; }
public abstract class Block : Layer { protected override double Forward(double x) => x + 1; }
public sealed class Dense : Block
{
    protected override double Forward(double x) => x + 2;
    ~Dense() { State.Value = 6; }
}
public sealed class Linear : IRule { double IRule.Of(double x) => x * 41; }
public readonly struct Half : IScaled<Half> { public static double Scale(double x) => x * 0.5; }
public interface IOwn<T> where T : IOwn<T> { static abstract double Own(); }
public readonly struct Mine : IOwn<Mine> { public static double Own() => 51; }
public class Ordered : IComparer<int> { public virtual int Compare(int a, int b) => a - b; }
public sealed class Reversed : Ordered { public override int Compare(int a, int b) => b - a; }
public sealed class Numbers : IEnumerable<int>
{
    public IEnumerator<int> GetEnumerator() { yield return 61; }
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
public abstract class Held : IDisposable { public virtual void Dispose() { } }
public sealed class Resource : Held { public override void Dispose() => State.Value = 71; }
public sealed class Late { readonly double _start = 81; public double Of() => _start; }
public struct Key
{
    public double Value;
    public override string ToString() => "key";
    public static Key operator +(Key a, Key b) => new() { Value = a.Value + b.Value + 91 };
}
public sealed class Name(string text) : IEquatable<Name>
{
    public bool Equals(Name? other) => other is not null && text.Length == 101;
    public override bool Equals(object? other) => Equals(other as Name);
    public override int GetHashCode() => 111;
}
public interface IFirst { double M() => 1; }
public interface ISecond : IFirst { double IFirst.M() => 121; }
public sealed class Both : ISecond { }
public class Old { public virtual double Get() => 131; }
public class New : Old { public new virtual double Get() => 141; }
public sealed class Plain { public Plain() => State.Value = 151; }
[MadeBy(typeof(Converter))] public sealed class Card { public int Number { get; set; } = 4; }
public sealed class Converter : Layer { protected override double Forward(double x) => x + 161; }
public sealed class Sheet { public int Lines => 171; }
[StructLayout(LayoutKind.Explicit)] public struct Overlay { [FieldOffset(0)] public int Whole; [FieldOffset(1)] public byte Part; }
[Flags] public enum Color { Red = 1, Blue = 2 }
public sealed class Never : Layer { protected override double Forward(double x) => x + 181; }
public sealed class Alone : Layer { protected override double Forward(double x) => x + 191; }
public static class Field<T> where T : new() { public static readonly T Default = new(); }
public sealed class Row { public int Width = 201; }
"""

/// What is changed, before and after, and the function or type whose hash tells it.
let edits =
    [ "a method that a generic base of the other library calls on the object it makes", "x * 21", "x * 22", "Deep::Of"
      "an override behind a base of the other library", "x + 2;", "x + 3;", "Dense::Forward"
      "an override between the two", "x + 1;", "x + 4;", "Block::Forward"
      "a delegate that is handed over", "x + 31", "x + 32", "Entry::Handed"
      "an explicit implementation of an interface of the other library", "x * 41", "x * 42", "Other.IRule.Of"
      "a static member that the other library calls", "x * 0.5", "x * 0.25", "Half::Scale"
      "a static member behind a type argument", "Own() => 51", "Own() => 52", "Mine::Own"
      "a virtual implementation of an interface of the framework", "=> a - b", "=> a - b - 1", "Ordered::Compare"
      "the override of one", "=> b - a", "=> b - a - 1", "Reversed::Compare"
      "an iterator", "yield return 61", "yield return 62", "Numbers::GetEnumerator"
      "an override of what an own base implements", "State.Value = 71", "State.Value = 72", "Resource::Dispose"
      "a constructor behind a type argument", "_start = 81", "_start = 82", "Late::.ctor"
      "an asynchronous function", "return 3.5", "return 3.75", "Entry::Later"
      "an override of a value that is never made", "\"key\"", "\"keys\"", "Key::ToString"
      "an operator", "+ 91", "+ 92", "Key::op_Addition"
      "equality that a dictionary asks for", "text.Length == 101", "text.Length == 102", "Name::Equals"
      "the hash that a dictionary asks for", "=> 111", "=> 112", "Name::GetHashCode"
      "an implementation by another interface", "=> 121", "=> 122", "IFirst.M"
      "a method that another one hides", "=> 131", "=> 132", "Old::Get"
      "a constructor of a type that is handed over", "State.Value = 151", "State.Value = 152", "Plain::.ctor"
      "what an attribute names", "x + 161", "x + 162", "Converter::Forward"
      "a type that an attribute names", "typeof(Converter)", "typeof(Never)", "Card"
      "a property of an object that is handed over untyped", "=> 171", "=> 172", "Sheet::get_Lines"
      "a name in a nameless type", "new { first = 1 }", "new { second = 1 }", "Entry::Run"
      "a module initialiser", "=> Value = 5", "=> Value = 7", "State::Begin"
      "a finaliser", "State.Value = 6;", "State.Value = 8;", "Dense::Finalize"
      "a function of another program", "EntryPoint = \"abs\"", "EntryPoint = \"labs\"", "Entry::Absolute"
      "where a field lies", "FieldOffset(1)", "FieldOffset(2)", "Overlay"
      "whether every thread has a value", "[ThreadStatic] ", "", "Entry::Run"
      "how an enumeration is written", "[Flags] ", "", "Color"
      "a constructor behind an own type's argument", "Width = 201", "Width = 202", "Row::.ctor" ]

/// The same for what nobody calls.
let idle =
    [ "a method that nothing calls", "=> 78", "=> 79"
      "a method that nothing calls beside one that is called", "=> 22", "=> 23"
      "an override in a class that is named and never made", "x + 181", "x + 182"
      "an override in a class that nothing names", "x + 191", "x + 192" ]
