module PUNet.Dsl.Tests.Code.ExecutedCodeTests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open Expecto
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl
open PUNet.Dsl.Engine.Code
open PUNet.Dsl.Tests.Workplace

/// What runs around a stage and is in no key, with the reason.
let private around =
    [ "PUNet.Dsl.Engine.Stages::runner", "tells which kind of stage it is"
      "PUNet.Dsl.StageSpecModule::computesOnDevice", "asked by that one"
      "PUNet.Dsl.StageSpec::get_Tag", "asked by that one"
      "PUNet.Core.Common.Native.ComputeThreads::Limit", "called by that one; the number of threads belongs to the level of determinism" ]

let private libraries = [ typeof<Extent>.Assembly; typeof<StageSpec>.Assembly ]

/// This program in a folder of its own with the recording copies of the libraries.
let private recordingProgram (folder: string) =
    let own = DirectoryInfo AppContext.BaseDirectory
    let recorded = libraries |> List.map (fun library -> FileInfo library.Location)

    for file in own.EnumerateFiles() do
        if recorded |> List.forall (fun library -> library.Name <> file.Name) then
            file.CopyTo(Path.Combine(folder, file.Name)) |> ignore

    for below in own.EnumerateDirectories() do
        Directory.CreateSymbolicLink(Path.Combine(folder, below.Name), below.FullName) |> ignore

    for library in recorded do
        MethodRecorder.write library.FullName (Path.Combine(folder, library.Name))

    Path.Combine(folder, FileInfo(typeof<Workplace>.Assembly.Location).Name)

/// Methods of the libraries that every kind of stage called, found by running them.
let private called (place: Workplace) : Map<string, MethodId list> =
    let program = recordingProgram (Directory.CreateDirectory(Path.Combine(place.Folder, "program")).FullName)
    let traced = Directory.CreateDirectory(Path.Combine(place.Folder, "traced")).FullName
    let info = ProcessStartInfo("dotnet", [ program; "trace"; traced ], RedirectStandardError = true)
    use run = Process.Start info |> nonNull
    let error = run.StandardError.ReadToEnd()
    run.WaitForExit()
    Expect.equal run.ExitCode 0 error

    [ for line in File.ReadLines(Path.Combine(traced, "called")) do
          let parts = line.Split ' '

          for row in parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries) do
              parts[0], (struct (int parts[1], int row): MethodId) ]
    |> List.groupBy fst
    |> List.map (fun (kind, methods) -> kind, List.map snd methods)
    |> Map.ofList

/// Texts of a kind's functions, by the methods that are written out in them.
let private holders (texts: (string * FunctionText * string) list) =
    let found = Dictionary<MethodId, List<string * FunctionText>>()

    for name, text, _ in texts do
        for method in text.Holds do
            found.TryAdd(method, List()) |> ignore
            found[method].Add((name, text))

    found

/// The hash of a kind's code with another body of one method; the same where no text holds the method.
let private altered (own: CodeLibraries) images (hashes: Map<string, string>) (holders: Dictionary<_, List<_>>) (method: MethodId) =
    match holders.TryGetValue method with
    | true, found ->
        let name, text: string * FunctionText = found[0]
        let struct (library, row) = method
        let another = MutatedLibrary.altering (List.item library images) row (fun () -> CodeText.ofMethod own text.Holds.Head)
        CodeHash.ofFunctions (Map.add name (CodeReach.Hash another.Text) hashes)
    | _ -> CodeHash.ofFunctions hashes

[<Tests>]
let tests =
    testSequenced
    <| testList
        "executed code"
        [ test "whatever method a stage calls, another body of it gives the stage's kind another hash" {
              use place = new Workplace()
              let called = called place
              Expect.equal (called.Keys |> Set.ofSeq) (CodeHash.entries |> List.map fst |> Set.ofList) "stages of every kind ran"
              let images = CodeHash.images.Value |> List.map Array.copy
              use own = new CodeLibraries(images)
              let reach = CodeReach own
              let missing = HashSet<string>()

              for kind, entry in CodeHash.entries do
                  let hashes = reach.From(reach.Find entry)
                  let before = CodeHash.ofFunctions hashes
                  Expect.equal before (CodeHash.ofKind kind) "what is altered here is what keys hold"
                  let holders = holders (reach.Texts(reach.Find entry))

                  for method in called[kind] do
                      if altered own images hashes holders method = before then
                          missing.Add $"{own.TypeName(own.Declaring method)}::{own.MethodName method}" |> ignore

              Expect.equal (Set.ofSeq missing) (around |> List.map fst |> Set.ofList) "called and not hashed"
          }

          test "an altered method gives another hash where all of the code is read again" {
              let images = CodeHash.images.Value |> List.map Array.copy

              let entry = Map.find "adapt" (Map.ofList CodeHash.entries)

              let hash () =
                  use own = new CodeLibraries(images)
                  let reach = CodeReach own
                  CodeHash.ofFunctions (reach.From(reach.Find entry))

              use own = new CodeLibraries(images)

              let row name =
                  let reach = CodeReach own
                  let struct (_, row) = reach.Find name in
                  row

              Expect.equal (hash ()) (CodeHash.ofKind "adapt") "unaltered"

              for name in [ "PUNet.Core.Blocks.Attention.FusedAttention::forward"; "PUNet.Core.Blocks.Attention.VectorMath::Exp" ] do
                  Expect.notEqual (MutatedLibrary.altering images.Head (row name) hash) (CodeHash.ofKind "adapt") name
          } ]
