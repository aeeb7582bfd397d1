module PUNet.Dsl.Tests.StoreSharingTests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

/// Rights of a path, octal.
let private mode (path: string) = Convert.ToString(int (File.GetUnixFileMode path), 8)

let private below (folder: string) = [ for path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories) -> path ]

let private expectModes (folder: string) folders files =
    for path in below folder do
        Expect.equal (mode path) (if Directory.Exists path then folders else files) path

let private withStore work =
    if OperatingSystem.IsWindows() then
        skiptest "rights are of another kind"

    use place = new Workplace()
    writeToyData place
    work place (Store.at place.Store)

[<Tests>]
let tests =
    testList
        "store sharing"
        [ test "a new store and its results are their owner's alone" {
              withStore (fun place store ->
                  runSmall place (FakeRunner()) 5 |> ignore
                  Expect.equal (mode store.Root) "700" ""
                  Expect.all (Directory.GetDirectories store.Root) (fun path -> mode path = "700") "folders of the store"
                  expectModes (Path.Combine(store.Root, "artifacts")) "700" "600"
                  Expect.equal (mode (Path.Combine(store.Root, StoreMarker.FileName))) "600" "")
          }

          test "an empty folder that others could read becomes the owner's alone" {
              withStore (fun place store ->
                  Directory.CreateDirectory(place.Store, enum<UnixFileMode> 0o777) |> ignore
                  Store.prepare store
                  Expect.equal (mode store.Root) "700" "")
          }

          test "what a shared store gets belongs to the group, with folders that hand this down" {
              withStore (fun place store ->
                  Store.share store
                  runSmall place (FakeRunner()) 5 |> ignore
                  Expect.equal (StoreMarker.look store.Root) (StoreState.Ready StoreSharing.Group) ""
                  Expect.equal (mode store.Root) "2770" ""
                  Expect.all (Directory.GetDirectories store.Root) (fun path -> mode path = "2770") "folders of the store"
                  expectModes (Path.Combine(store.Root, "artifacts")) "2770" "660")
          }

          test "a store that was its owner's can be shared with all that it holds" {
              withStore (fun place store ->
                  runSmall place (FakeRunner()) 5 |> ignore
                  Store.share store
                  Expect.equal (mode store.Root) "2770" ""
                  expectModes store.Root "2770" "660"
                  let runner = FakeRunner()
                  runSmall place runner 5 |> ignore
                  Expect.isEmpty runner.Ran "nothing runs again")
          }

          test "rights are given to files of the store only, and to nothing behind a link" {
              withStore (fun place store ->
                  Store.prepare store
                  let outside = Path.Combine(place.Folder, "outside")
                  File.WriteAllText(outside, "text")
                  let before = mode outside
                  File.CreateSymbolicLink(Path.Combine(store.Root, "tmp", "link"), outside) |> ignore
                  Store.share store
                  Expect.equal (mode outside) before "")
          }

          test "many that make one store at the same moment all get it" {
              withStore (fun place _ ->
                  for round in 1..40 do
                      let store = Store.at (Path.Combine(place.Folder, $"store{round}"))
                      use start = new Barrier 12

                      let makers =
                          [ for _ in 1..12 ->
                                Task.Factory.StartNew(
                                    (fun () ->
                                        start.SignalAndWait()
                                        Store.prepare store),
                                    TaskCreationOptions.LongRunning
                                ) ]

                      Task.WaitAll makers
                      Expect.equal (StoreMarker.look store.Root) (StoreState.Ready StoreSharing.Owner) "")
          }

          test "a store is shared while others write to it" {
              withStore (fun place store ->
                  Store.prepare store
                  let tmp = Path.Combine(store.Root, "tmp")
                  use finished = new CancellationTokenSource()

                  let writer =
                      Task.Run(fun () ->
                          while not finished.IsCancellationRequested do
                              let folder = Path.Combine(tmp, $"{Guid.NewGuid():N}")
                              Directory.CreateDirectory folder |> ignore
                              File.WriteAllText(Path.Combine(folder, "file"), "")
                              Directory.Delete(folder, true))

                  try
                      for _ in 1..2000 do
                          StoreSharing.apply StoreSharing.Group store.Root
                  finally
                      finished.Cancel()
                      writer.Wait()

                  Expect.equal (mode store.Root) "2770" "")
          } ]
