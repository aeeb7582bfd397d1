module PUNet.Dsl.Tests.StoreDamageTests

open System
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

/// Ways in which a result can lie damaged in a store: what is done to its folder.
let private damages: (string * (string -> unit)) list =
    let provenance (folder: string) = Path.Combine(folder, "provenance.json")

    let replace (folder: string) (put: unit -> unit) =
        Directory.Delete(folder, true)
        put ()

    [ "a folder in place of provenance.json",
      fun folder ->
          File.Delete(provenance folder)
          Directory.CreateDirectory(provenance folder) |> ignore
      "bytes that are no text in provenance.json", fun folder -> File.WriteAllBytes(provenance folder, [| 0xFFuy; 0xFEuy; 0uy; 0xC3uy |])
      "half a surrogate pair in provenance.json", fun folder -> File.WriteAllText(provenance folder, "{\"key\":\"\\ud800\"}")
      "another kind of JSON", fun folder -> File.WriteAllText(provenance folder, "[1,2]")
      "an empty provenance.json", fun folder -> File.WriteAllText(provenance folder, "")
      "a link to itself in place of provenance.json",
      fun folder ->
          File.Delete(provenance folder)
          File.CreateSymbolicLink(provenance folder, provenance folder) |> ignore
      "a link in place of a file",
      fun folder ->
          File.Move(Path.Combine(folder, "result.txt"), folder + ".moved")
          File.CreateSymbolicLink(Path.Combine(folder, "result.txt"), folder + ".moved") |> ignore
      "a file in place of the folder", fun folder -> replace folder (fun () -> File.WriteAllText(folder, "text"))
      "a link to nothing in place of the folder",
      fun folder -> replace folder (fun () -> File.CreateSymbolicLink(folder, folder + ".gone") |> ignore)
      "a link to itself in place of the folder", fun folder -> replace folder (fun () -> File.CreateSymbolicLink(folder, folder) |> ignore)
      "a folder elsewhere in place of the folder",
      fun folder ->
          Directory.Move(folder, folder + ".moved")
          Directory.CreateSymbolicLink(folder, folder + ".moved") |> ignore ]

let private damaged = "promptTune(bone)"

let private withResults work =
    use place = new Workplace()
    writeToyData place
    runSmall place (FakeRunner()) 5 |> ignore
    let store = Store.at place.Store
    let entry = Store.entries store |> List.find (fun entry -> entry.Label = damaged)
    work place store entry

[<Tests>]
let tests =
    testList
        "store damage"
        [ for name, damage in damages do
              test $"{name} costs that result alone" {
                  withResults (fun place store entry ->
                      let others = Store.entries store |> List.filter (fun other -> other.Key <> entry.Key)
                      damage (store.Artifact entry.Key)
                      Expect.isTrue (Store.find store entry.Key).IsDamaged "it is told as damaged"
                      Expect.equal (Store.entries store) others "the others are there"

                      for label, status in planSmall place 5 do
                          match status with
                          | PlanStatus.Run(RunReason.Damaged _) -> Expect.equal label damaged ""
                          | PlanStatus.Waiting(upstream, _, _) -> Expect.isNonEmpty upstream label
                          | PlanStatus.Cached _ -> ()
                          | other -> failtest $"{label}: {other}"

                      let inventory = StoreGarbage.find store { MaximalSize = None; Now = DateTime.UtcNow.AddDays 1.0 }
                      Expect.equal (List.map fst inventory.Damaged) [ entry.Key ] "clearing up tells it"

                      let runner = FakeRunner()
                      Expect.isTrue (runSmall place runner 5).Succeeded ""
                      Expect.equal runner.Ran [ damaged ] "only its stage runs"
                      let aside = runner.Events |> List.tryPick (fun event -> if event.IsSetAside then Some event else None)
                      Expect.isSome aside "what was there is kept for a look, and that is said"
                      Expect.hasLength (Directory.GetFileSystemEntries(Path.Combine(store.Root, "aside"))) 1 ""
                      Expect.isEmpty (Store.entries store |> List.collect (StoreVerification.faults store)) "whole again")
              }

          test "every altered field of a provenance is found, and so is every cut" {
              withResults (fun _ store entry ->
                  let path = Path.Combine(store.Artifact entry.Key, "provenance.json")
                  let whole = File.ReadAllText path
                  Expect.equal (Provenance.ofJson whole) entry "it is read as it was written"

                  let isTaken (text: string) =
                      try
                          Provenance.ofJson text |> ignore
                          true
                      with :? Text.Json.JsonException ->
                          false

                  for length in 0 .. whole.Length - 1 do
                      Expect.isFalse (isTaken (whole.Substring(0, length))) $"cut to {length}"

                  for i in 0 .. whole.Length - 1 do
                      let other = if whole[i] = '1' then '2' else '1'
                      let text = whole.Substring(0, i) + string other + whole.Substring(i + 1)
                      Expect.isFalse (isTaken text) $"character {i} of {whole}")
          }

          test "verifying recomputes content and key, and finds files that came" {
              withResults (fun _ store entry ->
                  let rewrite (altered: Provenance) =
                      File.WriteAllText(Path.Combine(store.Artifact entry.Key, "provenance.json"), Provenance.toJson altered)

                      match Store.find store entry.Key with
                      | Stored.Present found -> StoreVerification.faults store found
                      | other -> failtest $"{other}"

                  Expect.isEmpty (rewrite entry) "as published"

                  Expect.equal
                      (rewrite { entry with Content = Canonical.hashText "other" })
                      [ "its content does not follow from the files in its provenance.json" ]
                      ""

                  Expect.equal
                      (rewrite { entry with Fields = Canonical.fields [ "kind", Text "adapt" ] })
                      [ "its key does not follow from the fields in its provenance.json" ]
                      ""

                  Directory.CreateDirectory(Path.Combine(store.Artifact entry.Key, "log")) |> ignore
                  File.WriteAllText(Path.Combine(store.Artifact entry.Key, "log", "extra.txt"), "text")
                  File.CreateSymbolicLink(Path.Combine(store.Artifact entry.Key, "link"), "/nowhere") |> ignore

                  Expect.equal
                      (rewrite entry |> List.sort)
                      [ "link was not there when it was published"; "log/extra.txt was not there when it was published" ]
                      "")
          }

          test "checkpoints that cannot be used make room" {
              use place = new Workplace()
              writeToyData place
              let store = Store.at place.Store
              Store.prepare store

              let key = Plan.make place.Options (Graph.ofExperiment (smallExperiment 5)) |> List.head |> _.Key |> Option.get

              File.WriteAllText(store.Work key, "a file where a folder should be")
              Expect.isTrue (runSmall place (FakeRunner()) 5).Succeeded ""
              Expect.hasLength (Directory.GetFiles(Path.Combine(store.Root, "aside"))) 1 "set aside"
          } ]
