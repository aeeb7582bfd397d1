module PUNet.Dsl.Tests.Code.OutsideCallTests

open System
open System.IO
open Expecto
open PUNet.Dsl.Engine.Code
open PUNet.Dsl.Tests
open PUNet.Dsl.Tests.Workplace

/// Functions of a library that uses a version of the other one.
let private functionsWith version (place: Workplace) (text: string) =
    let below = Directory.CreateDirectory(Path.Combine(place.Folder, version)).FullName
    let other = Path.Combine(below, "Other.dll")

    if not (File.Exists other) then
        let stated =
            OutsideCallSources.other.Replace("namespace", $"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\nnamespace")

        CSharpCompiler.compile stated "other.cs" other

    let folder = Directory.CreateDirectory(Path.Combine(place.Folder, $"{Guid.NewGuid():N}")).FullName
    let library = Path.Combine(folder, "Lab.dll")
    CSharpCompiler.compileWith [ other ] text (Path.Combine(folder, "lab.cs")) library
    use libraries = new CodeLibraries([ File.ReadAllBytes library ])
    let reach = CodeReach libraries
    reach.From(reach.Find "Lab.Entry::Run")

let private functionsOf place text = functionsWith "1.0.0.0" place text

let private edited (before: string) (after: string) =
    Expect.hasLength (OutsideCallSources.own.Split before) 2 $"\"{before}\" stands once in the source"
    OutsideCallSources.own.Replace(before, after)

[<Tests>]
let tests =
    testSequenced
    <| testList
        "calls from outside"
        [ test "what code of other libraries may call is hashed, whatever way it comes to it" {
              use place = new Workplace()
              let before = functionsOf place OutsideCallSources.own

              for what, old, replacement, named in OutsideCallSources.edits do
                  let after = functionsOf place (edited old replacement)

                  let changed =
                      Seq.append before.Keys after.Keys
                      |> Seq.distinct
                      |> Seq.filter (fun name -> before.TryFind name <> after.TryFind name)
                      |> List.ofSeq

                  Expect.exists changed (fun name -> name.Contains(named, StringComparison.Ordinal)) $"{what}: {changed}"
          }

          test "what nobody can call is not hashed" {
              use place = new Workplace()
              let before = functionsOf place OutsideCallSources.own

              for what, old, replacement in OutsideCallSources.idle do
                  Expect.equal (functionsOf place (edited old replacement)) before what
          }

          test "another version of the other library counts, where it is used" {
              use place = new Workplace()
              let before, after = functionsOf place OutsideCallSources.own, functionsWith "1.0.1.0" place OutsideCallSources.own
              let changed = before.Keys |> Seq.filter (fun name -> before.TryFind name <> after.TryFind name) |> List.ofSeq
              Expect.exists changed _.StartsWith("Lab.Entry::Run", StringComparison.Ordinal) ""
              Expect.all changed (fun name -> not (name.StartsWith("Lab.Deep", StringComparison.Ordinal))) "what uses it not"
          }

          test "types that only their file sees have one name wherever the file lies" {
              use place = new Workplace()
              let hidden = OutsideCallSources.own.Replace("public static class Deep", "file static class Deep")
              Expect.equal (functionsOf place hidden) (functionsOf place hidden) "in two folders"
          } ]
