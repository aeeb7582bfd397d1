module PUNet.Dsl.Tests.StoreMarkerTests

open System
open System.IO
open Expecto
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private look (place: Workplace) = StoreMarker.look place.Store
let private marker (place: Workplace) = Path.Combine(place.Store, StoreMarker.FileName)

/// A user's folder with the names that a store has as well.
let private usersFolder (place: Workplace) =
    for name in [ "work/thesis"; "tmp/a"; "artifacts/pottery"; "aside/b" ] do
        Directory.CreateDirectory(Path.Combine(place.Store, name)) |> ignore
        File.WriteAllText(Path.Combine(place.Store, name, "chapter.tex"), "text")

let private filesOf (folder: string) =
    [ for path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories) |> Array.sort -> path, File.ReadAllText path ]

let private rule: StoreGarbage.Rule = { MaximalSize = None; Now = DateTime.UtcNow.AddDays 1.0 }

[<Tests>]
let tests =
    testList
        "store marker"
        [ test "a store is made where there is nothing, and in an empty folder" {
              for isThere in [ false; true ] do
                  use place = new Workplace()

                  if isThere then
                      Directory.CreateDirectory place.Store |> ignore

                  Expect.equal (look place) StoreState.Vacant "before"
                  Store.prepare (Store.at place.Store)
                  Expect.equal (look place) (StoreState.Ready StoreSharing.Owner) "after"
          }

          test "a folder with other files is refused, and nothing in it is touched by a run" {
              use place = new Workplace()
              writeToyData place
              usersFolder place
              let before = filesOf place.Store

              match look place with
              | StoreState.Refused what ->
                  Expect.stringContains what $"{place.Store} is no store: it holds other files, and no punet-store.json" ""
              | other -> failtest $"{other}"

              Expect.throwsT<IOException> (fun () -> runSmall place (FakeRunner()) 5 |> ignore) "a run"
              Expect.equal (filesOf place.Store) before ""
          }

          test "where a store lies inside, its folder is the remedy" {
              use place = new Workplace()
              Store.prepare (Store.at (Path.Combine(place.Store, ".punet")))

              match look place with
              | StoreState.Refused what -> Expect.stringEnds what $"name the store itself: {place.Store}/.punet" ""
              | other -> failtest $"{other}"
          }

          test "in a store only names that a store gives go, whatever else lies in its folders" {
              use place = new Workplace()
              let store = Store.at place.Store
              Store.prepare store
              usersFolder place
              let left = Path.Combine(store.Root, "tmp", StoreTree.attempt (String('b', 32)))
              Directory.CreateDirectory left |> ignore
              let before = filesOf place.Store
              let found = StoreGarbage.find store rule
              Expect.equal (found.Going |> List.map _.Path) [ left ] ""
              StoreGarbage.delete store found |> ignore
              Expect.equal (filesOf place.Store) before ""
          }

          test "no link is followed out of the store, neither in it nor as one of its folders" {
              use place = new Workplace()
              let store = Store.at place.Store
              Store.prepare store
              let outside = Directory.CreateDirectory(Path.Combine(place.Folder, "outside")).FullName
              File.WriteAllText(Path.Combine(outside, "precious"), "text")
              let link (name: string) = Directory.CreateSymbolicLink(Path.Combine(store.Root, name), outside) |> ignore
              link $"work/{String('a', 32)}"
              link $"""tmp/{StoreTree.attempt (String('b', 32))}"""
              let found = StoreGarbage.find store rule
              Expect.hasLength found.Going 2 "the links themselves"
              let gone, failed = StoreGarbage.delete store found
              Expect.equal (gone.Length, failed) (2, []) ""
              Expect.equal (File.ReadAllText(Path.Combine(outside, "precious"))) "text" ""
              Directory.Delete(Path.Combine(store.Root, "tmp"))
              link "tmp"

              match look place with
              | StoreState.Refused what -> Expect.stringContains what "tmp is no folder, or a link to one" ""
              | other -> failtest $"{other}"
          }

          test "a store of a later version is left alone" {
              use place = new Workplace()
              Store.prepare (Store.at place.Store)
              File.WriteAllText(marker place, """{"format":2,"shared":"everybody"}""")

              match look place with
              | StoreState.Refused what -> Expect.stringContains what "a store of a later version (format 2, known up to 1)" ""
              | other -> failtest $"{other}"
          }

          test "a damaged marker is written anew by the next run, which says so" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              let whole = File.ReadAllText(marker place)
              let runner = FakeRunner()

              for length in 0 .. whole.Length - 3 do
                  File.WriteAllText(marker place, whole.Substring(0, length))
                  Expect.equal (look place) (StoreState.Unmarked StoreSharing.Owner) $"{length} bytes"
                  Expect.isTrue (runSmall place runner 5).Succeeded ""
                  Expect.equal (File.ReadAllText(marker place)) whole ""

              Expect.isEmpty runner.Ran "all is there"
              Expect.hasLength (runner.Events |> List.filter _.IsNoticed) (whole.Length - 2) "told each time"
          }

          test "a process that was killed while it made the store leaves a folder that the next one can use" {
              use place = new Workplace()
              Directory.CreateDirectory place.Store |> ignore
              File.WriteAllText(marker place + ".12.ab.partial", "{")
              Expect.equal (look place) StoreState.Vacant ""
          } ]
