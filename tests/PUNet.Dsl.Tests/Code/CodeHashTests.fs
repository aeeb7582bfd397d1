module PUNet.Dsl.Tests.CodeHashTests

open System
open System.IO
open Expecto
open PUNet.Dsl.Engine.Code
open PUNet.Dsl.Tests.Workplace

/// A small library with one of everything that compilers translate in a way of their own.
let private source =
    """
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lab;

public static class Entry
{
    public static double Run(double[] x)
    {
        Kernel kernel = new Gaussian();
        var total = new Filter(kernel).Apply(x);
        total += Helper.First(x) + Numbers(3).Sum() + Generic.Make<Fast>().Speed();
        total += new Settings().Rate + Shape.Sum(Shape.Round);
        return total + JsonSerializer.Serialize(new Card()).Length;
    }

    static IEnumerable<int> Numbers(int n)
    {
        for (var i = 0; i < n; i++) yield return i * 2;
    }
}

public abstract class Kernel
{
    public abstract double Weight(int i);
    public virtual double Norm() => 1;
}

public sealed class Gaussian : Kernel
{
    private readonly double _sigma = 2.5;
    private static readonly double[] _table = [1, 2, 3, 5];
    public override double Weight(int i) => _table[i % 4] * Math.Exp(-i * i / _sigma);
    public override string ToString() => "gaussian";
    public double Unused() => 77;
}

public sealed class Box : Kernel
{
    public override double Weight(int i) => 11;
}

public sealed class Filter(Kernel kernel)
{
    private const int Taps = 7;

    public double Apply(double[] x)
    {
        var scale = kernel.Norm() * 0.5;
        var shifted = x.Select((value, i) => value * scale + i).Where(value => value > -1).ToList();
        double Inner(int i) => shifted[i] * kernel.Weight(i);
        var total = 0.0;
        for (var i = 0; i < Math.Min(Taps, shifted.Count); i++) total += Inner(i);
        try { total = checked((int)total); } catch (OverflowException) when (total > 4) { total = 9; }
        return total;
    }
}

public static class Helper
{
    public static double First(double[] x, double fallback = 0.25) => x.Length > 0 ? Second(x) : fallback;
    static double Second(double[] x) => Third(x[0]) + Measure(x);
    static double Third(double x) => x switch { < 0 => -1, > 100 => 1, _ => x / 100 };
    static double Measure(double[] x) { IMeasure measure = new Length(); return measure.Of(x) + measure.Twice(x); }
}

public interface IMeasure
{
    double Of(double[] x);
    double Twice(double[] x) => 2 * Of(x);
}

public sealed class Length : IMeasure
{
    double IMeasure.Of(double[] x) => x.Length + 1;
}

public interface IRunner { double Speed(); }
public struct Fast : IRunner { public double Speed() => 30; }
public struct Slow : IRunner { public double Speed() => 3; }
public static class Generic { public static T Make<T>() where T : new() => new T(); }

public sealed record Settings { public double Rate { get; init; } = 0.001; public int Steps { get; init; } = 5; }

public enum Shape_ { Round = 1, Square = 2 }
public static class Shape
{
    public const double Round = 3.14;
    public static double Sum(double x) => x + (double)Shape_.Square + _start;
    private static readonly double _start = Begin();
    static double Begin() => 6;
}

public sealed class Card { [JsonPropertyName("name")] public string Name { get; set; } = "card"; public Inner Deep { get; set; } = new(); }
public sealed class Inner { public int Depth { get; set; } = 4; }
"""

let private functionsOf (place: Workplace) (text: string) (file: string) =
    let library = Path.Combine(place.Folder, $"{Guid.NewGuid():N}", "Lab.dll")
    Directory.CreateDirectory(Path.GetDirectoryName library |> string) |> ignore
    CSharpCompiler.compile text file library
    use libraries = new CodeLibraries([ File.ReadAllBytes library ])
    let reach = CodeReach libraries
    reach.From(reach.Find "Lab.Entry::Run")

/// The source with one place changed; a place that is not there once is a fault of the test.
let private edited (before: string) (after: string) =
    let parts = source.Split before
    Expect.hasLength parts 2 $"\"{before}\" stands once in the source"
    parts[0] + after + parts[1]

/// What is changed, before and after, and the function or type that a plan has to name.
let private semantic =
    [ "a constant in the entry", "Numbers(3)", "Numbers(4)", "Entry::Run"
      "a constant three calls deep", "x / 100", "x / 101", "Helper::Third"
      "a boundary of a switch", "< 0 => -1", "< 1 => -1", "Helper::Third"
      "an operator", "total += Inner(i)", "total -= Inner(i)", "Filter::Apply"
      "a default value of a parameter", "fallback = 0.25", "fallback = 0.5", "Entry::Run"
      "a constant by name", "Taps = 7", "Taps = 8", "Filter::Apply"
      "an overriding method behind a virtual call", "_table[i % 4] *", "_table[i % 4] +", "Gaussian::Weight"
      "the base of a method that is not overridden", "Norm() => 1", "Norm() => 2", "Kernel::Norm"
      "a new override", "public double Unused", "public override double Norm() => 4; public double Unused", "Gaussian::Norm"
      "another class is made", "Kernel kernel = new Gaussian()", "Kernel kernel = new Box()", "Entry::Run"
      "a field initialiser", "_sigma = 2.5", "_sigma = 2.25", "Gaussian::.ctor"
      "an element of a static table", "[1, 2, 3, 5]", "[1, 2, 3, 4]", "Gaussian::.cctor"
      "a method that a static field starts from", "Begin() => 6", "Begin() => 7", "Shape::Begin"
      "a lambda", "value > -1", "value > -2", "Filter::Apply"
      "a lambda that captures", "* scale + i", "* scale - i", "Filter::Apply"
      "a captured value", "kernel.Norm() * 0.5", "kernel.Norm() * 0.75", "Filter::Apply"
      "a local function", "shifted[i] *", "shifted[i] /", "Filter::Apply"
      "an iterator", "yield return i * 2", "yield return i * 3", "Entry::Numbers"
      "an exception filter", "when (total > 4)", "when (total > 5)", "Filter::Apply"
      "an exception that is caught", "catch (OverflowException)", "catch (ArithmeticException)", "Filter::Apply"
      "checked arithmetic", "checked((int)total)", "unchecked((int)total)", "Filter::Apply"
      "a generic argument", "Make<Fast>", "Make<Slow>", "Entry::Run"
      "a method behind a generic argument", "Speed() => 30", "Speed() => 31", "Fast::Speed"
      "an explicit implementation", "x.Length + 1", "x.Length + 2", "IMeasure.Of"
      "an interface's own implementation", "=> 2 * Of(x)", "=> 3 * Of(x)", "IMeasure::Twice"
      "the default of a property", "= 0.001", "= 0.01", "Settings::.ctor"
      "a constant of another type", "Round = 3.14", "Round = 3.15", "Entry::Run"
      "a member of an enumeration", "Square = 2", "Square = 3", "Shape::Sum"
      "a name in a file that is written", "\"name\"", "\"title\"", "Card"
      "a property that is only serialised", "int Depth { get; set; } = 4", "int Depth { get; set; } = 5", "Inner::.ctor"
      "a property that is added to what is serialised", "int Depth {", "int Width { get; set; } public int Depth {", "Inner"
      "an override that the framework calls", "\"gaussian\"", "\"bell\"", "Gaussian::ToString" ]

let private cosmetic =
    [ "a comment", "double Second", "/* why */ double Second"
      "blank lines", "public static class Helper", "\n\n\n\npublic static class Helper"
      "other indentation", "        var total = 0.0;", "    var total =\n 0.0;"
      "a renamed local",
      "var scale = kernel.Norm() * 0.5;\n        var shifted = x.Select((value, i) => value * scale + i)",
      "var factor = kernel.Norm() * 0.5;\n        var shifted = x.Select((value, i) => value * factor + i)"
      "a renamed parameter of a lambda", "Where(value => value > -1)", "Where(other => other > -1)"
      "a renamed parameter",
      "Third(double x) => x switch { < 0 => -1, > 100 => 1, _ => x / 100 }",
      "Third(double y) => y switch { < 0 => -1, > 100 => 1, _ => y / 100 }"
      "a method that nothing calls", "public double Unused() => 77", "public double Unused() => 78"
      "a method that is added", "public double Unused", "public double More() => Unused(); public double Unused"
      "a lambda in a method that nothing calls, which renumbers the others",
      "public double Apply(",
      "public static Func<int, int> Idle(int k) => i => i + k;\n    public double Apply("
      "a class that nothing makes", "=> 11;", "=> 12;"
      "a type behind a generic argument that nothing uses", "Speed() => 3;", "Speed() => 4;"
      "reordered classes",
      "public struct Fast : IRunner { public double Speed() => 30; }\npublic struct Slow : IRunner { public double Speed() => 3; }",
      "public struct Slow : IRunner { public double Speed() => 3; }\npublic struct Fast : IRunner { public double Speed() => 30; }"
      "reordered methods",
      "    static double Second(double[] x) => Third(x[0]) + Measure(x);\n"
      + "    static double Third(double x) => x switch { < 0 => -1, > 100 => 1, _ => x / 100 };",
      "    static double Third(double x) => x switch { < 0 => -1, > 100 => 1, _ => x / 100 };\n"
      + "    static double Second(double[] x) => Third(x[0]) + Measure(x);"
      "a constant written otherwise", "Taps = 7", "Taps = 3 + 4"
      "an expression body instead of a block",
      "{ IMeasure measure = new Length(); return measure.Of(x) + measure.Twice(x); }",
      "\n    {\n        IMeasure measure = new Length();\n        return measure.Of(x) + measure.Twice(x);\n    }"
      "an attribute for readers", "public enum Shape_", "[Obsolete(\"soon\")] public enum Shape_"
      "a member of an enumeration that nothing uses", "Square = 2", "Square = 2, Flat = 9"
      "another order of using lines", "using System.Linq;\nusing System.Text.Json;", "using System.Text.Json;\nusing System.Linq;" ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "code hash"
        [ test "an edit that changes what is computed changes the hash, and the function is named" {
              use place = new Workplace()
              let before = functionsOf place source "a.cs"

              for what, old, replacement, named in semantic do
                  let after = functionsOf place (edited old replacement) "a.cs"
                  Expect.notEqual (CodeHash.ofFunctions after) (CodeHash.ofFunctions before) what

                  let changed =
                      Seq.append before.Keys after.Keys
                      |> Seq.distinct
                      |> Seq.filter (fun name -> before.TryFind name <> after.TryFind name)
                      |> List.ofSeq

                  Expect.exists changed (fun name -> name.Contains(named, StringComparison.Ordinal)) $"{what}: {changed}"
          }

          test "an edit that changes nothing that is computed keeps the hash" {
              use place = new Workplace()
              let before = CodeHash.ofFunctions (functionsOf place source "a.cs")

              for what, old, replacement in cosmetic do
                  Expect.equal (CodeHash.ofFunctions (functionsOf place (edited old replacement) "a.cs")) before what

              Expect.equal (CodeHash.ofFunctions (functionsOf place source "/elsewhere/b.cs")) before "a moved file"
          }

          test "there are enough edits of both kinds" {
              Expect.isGreaterThanOrEqual semantic.Length 25 ""
              Expect.isGreaterThanOrEqual cosmetic.Length 15 ""
          }

          test "every kind of stage has an entry point, and a training reaches its loss" {
              for kind in [ "phantoms"; "prepare"; "pretrain"; "random-backbone"; "adapt"; "compose"; "evaluate"; "report" ] do
                  Expect.isNonEmpty (CodeHash.functions kind) kind
                  Expect.equal (CodeHash.ofKind kind) (CodeHash.ofFunctions (CodeHash.functions kind)) kind

              let reaches kind (name: string) = (CodeHash.functions kind).Keys |> Seq.exists _.Contains(name, StringComparison.Ordinal)
              Expect.isTrue (reaches "pretrain" "PUNet.Core.Losses.FocalLoss") "focal loss"
              Expect.isTrue (reaches "pretrain" "PUNet.Core.Models.Promptable.PromptableUNet::Compute") "the network behind its base class"
              Expect.isTrue (reaches "prepare" "PUNet.Core.Data.Layouts.CtOrg::") "layouts behind their base class"
              Expect.isFalse (reaches "report" "PUNet.Core.Losses") "tables compute no loss"
              Expect.isFalse (reaches "phantoms" "PUNet.Core.Training") "phantoms are not trained"
          } ]
