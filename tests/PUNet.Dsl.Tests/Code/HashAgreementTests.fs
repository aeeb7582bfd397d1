module PUNet.Dsl.Tests.Code.HashAgreementTests

open System
open System.Diagnostics
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine.Code
open PUNet.Dsl.Tests.Workplace

let private kinds = CodeHash.entries |> List.map fst
let private expected = lazy (Map.ofList [ for kind in kinds -> kind, CodeHash.ofKind kind ])

/// Hashes of kinds that are asked for in an order, by a walk that knows nothing yet.
let private askedInOrder (order: string list) =
    use libraries = new CodeLibraries(CodeHash.images.Value)
    let reach = CodeReach libraries
    let entries = Map.ofList CodeHash.entries
    Map.ofList [ for kind in order -> kind, CodeHash.ofFunctions (reach.From(reach.Find entries[kind])) ]

/// Hashes as a process of its own tells them, which keeps its files in a folder.
let private ofProcess (cache: string) (order: string list) =
    let info =
        ProcessStartInfo("dotnet", typeof<Workplace>.Assembly.Location :: "hashes" :: order, RedirectStandardOutput = true)

    info.Environment["XDG_CACHE_HOME"] <- cache
    use asked = Process.Start info |> nonNull
    let lines = asked.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
    asked.WaitForExit()
    Expect.equal asked.ExitCode 0 ""
    Map.ofArray [| for line in lines -> let parts = line.Split ' ' in parts[0], parts[1] |]

/// Files that a process keeps, with their contents.
let private kept (cache: string) =
    Map.ofSeq [ for path in Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories) -> path, File.ReadAllText path ]

let private textsOf kind =
    use libraries = new CodeLibraries(CodeHash.images.Value)
    let reach = CodeReach libraries
    let entries = Map.ofList CodeHash.entries
    reach.Texts(reach.Find entries[kind])

/// What calls functions by names that only appear when it runs: there no walk can follow.
let private byName =
    [ "System.Type::GetType("
      "System.Type::GetMethod"
      "System.Type::GetConstructor"
      "System.Type::InvokeMember"
      "System.Reflection.Assembly::GetType"
      "System.Reflection.MethodBase::Invoke"
      "System.Activator::CreateInstance("
      "UnsafeAccessor" ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "agreement of hashes"
        [ test "every kind of stage has the hash that it has alone, whatever was asked for before" {
              for kind in kinds do
                  Expect.equal (askedInOrder [ kind ]) (Map.filter (fun other _ -> other = kind) expected.Value) kind

              for order in [ List.rev kinds; List.sortDescending kinds ] do
                  Expect.equal (askedInOrder order) expected.Value (String.concat ", " order)
          }

          test "processes with empty caches, kept hashes or damaged ones agree, and repair what is damaged" {
              use place = new Workplace()
              let first, second = Path.Combine(place.Folder, "first"), Path.Combine(place.Folder, "second")
              Expect.equal (ofProcess first kinds) expected.Value "an empty cache"
              Expect.equal (ofProcess second (List.rev kinds)) expected.Value "another empty one, in another order"
              let whole = kept first
              Expect.hasLength (Map.toList whole) kinds.Length "a file of each kind"

              for i, path in Seq.indexed whole.Keys do
                  match i % 4 with
                  | 0 -> File.WriteAllText(path, "")
                  | 1 -> File.WriteAllText(path, whole[path].Substring(0, whole[path].Length / 2))
                  | 2 -> File.WriteAllText(path, whole[path].Replace("PUNet.Dsl.Engine.Stages", "PUNet.Dsl.Engine.Stage "))
                  | _ -> File.Delete path

              Expect.equal (ofProcess first kinds) expected.Value "damaged files"
              Expect.equal (kept first) whole "written again"
              Expect.equal (ofProcess first [ "report" ]) (Map.filter (fun kind _ -> kind = "report") expected.Value) "kept ones"
          }

          test "a library that was replaced while it runs is not taken for the one that runs" {
              let library = typeof<StageSpec>.Assembly
              Expect.isNonEmpty (CodeHash.image library.Location library.ManifestModule.ModuleVersionId) "the one that runs"
              let another () = CodeHash.image library.Location (Guid.NewGuid()) |> ignore
              Expect.throwsC another (fun error -> Expect.stringContains error.Message "PUNet.Dsl.dll was replaced" "")
          }

          test "every stage that can be declared has a kind with a hash" {
              let cases = FSharp.Reflection.FSharpType.GetUnionCases typeof<StageSpec>
              Expect.hasLength cases kinds.Length ""
          }

          test "no hash holds a path of the machine that compiled it" {
              for kind in kinds do
                  for name, text, _ in textsOf kind do
                      Expect.isFalse (text.Text.Contains(".fs\"") || text.Text.Contains(".cs\"")) $"{kind}: {name} names a source file"
          }

          test "stages call nothing by a name that only appears when they run" {
              for kind in kinds do
                  for name, text, _ in textsOf kind do
                      let found = byName |> List.filter (fun call -> text.Text.Contains(call, StringComparison.Ordinal))
                      Expect.isEmpty found $"{kind}: {name} calls {found}, which its hash cannot follow"
          } ]
