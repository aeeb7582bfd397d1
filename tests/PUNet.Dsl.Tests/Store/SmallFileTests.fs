module PUNet.Dsl.Tests.SmallFileTests

open System
open System.IO
open Expecto
open FsCheck
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private run (place: Workplace) (runner: FakeRunner) = runScript place runner (emptyScript place "toy.fsx") 5

/// Every small file of a store beside its results, with those that only living and killed runs have.
let private smallFiles (place: Workplace) =
    let store = Store.at place.Store
    let key = (Store.entries store).Head.Key
    let other = String('e', 32)
    StorePins.pin store key "for the paper"
    Directory.CreateDirectory(store.Work other) |> ignore
    File.WriteAllText(Path.Combine(store.Work other, "progress.txt"), "epoch 3 of 9")
    File.WriteAllText(Path.Combine(store.Root, "users", String('d', 32)), $"{key}\n")
    // of a process that died, so that nobody waits for it
    File.WriteAllText(Path.Combine(store.Root, "claims", other + ".0"), Claim.text { Claim.thisProcess () with ProcessStart = 1L })

    [ for folder in [ "index"; "code"; "roots"; "claims"; "users"; "pins"; $"work/{other}" ] do
          yield! Directory.GetFiles(Path.Combine(store.Root, folder)) ]

let private statuses (place: Workplace) =
    Plan.make place.Options (Graph.ofExperiment (smallExperiment 5)) |> List.map (fun entry -> entry.Key, entry.Status)

/// After the damage: the plan and the run come out as before it, and clearing up takes nothing that the script needs.
let private expectUnharmed (place: Workplace) expected what =
    let needed = expected |> List.choose fst |> Set.ofList

    let expectKept moment =
        let going = (StoreGarbage.find (Store.at place.Store) { MaximalSize = None; Now = DateTime.UtcNow.AddDays 1.0 }).Going
        Expect.isEmpty (going |> List.filter (fun item -> needed.Contains item.Key)) $"kept {moment}, with {what}"

    expectKept "before a run"
    Expect.equal (statuses place) expected $"the plan with {what}"
    let runner = FakeRunner()
    Expect.isTrue (run place runner).Succeeded $"a run with {what}"
    Expect.isEmpty runner.Ran $"nothing runs with {what}"
    expectKept "after a run"

let private withStore work =
    use place = new Workplace()
    writeToyData place
    let index = Path.Combine(place.Store, "index", "files.tsv")
    Store.prepare (Store.at place.Store)

    // as a run notes it once the files are older than a moment
    [ for path in Directory.GetFiles(place.Data, "*", SearchOption.AllDirectories) ->
          $"{FileHash.Of path}\t{FileStatus.Of(path).Stamp}\t{path}\n" ]
    |> String.concat ""
    |> CheckedText.write index

    run place (FakeRunner()) |> ignore
    work place (smallFiles place) (statuses place)

[<Tests>]
let tests =
    testList
        "small files"
        [ test "cut off anywhere, no small file of a store stops a run or gives a wrong hit" {
              withStore (fun place files expected ->
                  Expect.isGreaterThan files.Length 7 "all kinds"

                  for file in files do
                      let whole = File.ReadAllBytes file
                      let step = max 1 (whole.Length / 12)

                      for length in Seq.append [ 0..step .. whole.Length - 1 ] [ whole.Length - 1 ] do
                          File.WriteAllBytes(file, Array.truncate length whole)
                          expectUnharmed place expected $"{Path.GetRelativePath(place.Store, file)} cut to {length}"
                          File.WriteAllBytes(file, whole))
          }

          test "with random bytes, no small file of a store stops a run or gives a wrong hit" {
              withStore (fun place files expected ->
                  let random = Random 9

                  for file in files do
                      let whole = File.ReadAllBytes file

                      for attempt in 1..6 do
                          let garbled = Array.copy whole
                          // any bytes, and those that are digits of hashes, so that the text still looks right
                          let any () = if attempt % 2 = 0 then byte (random.Next 256) else "0123456789abcdef"B[random.Next 16]

                          for _ in 0 .. garbled.Length / 20 do
                              garbled[random.Next garbled.Length] <- any ()

                          File.WriteAllBytes(file, garbled)
                          expectUnharmed place expected $"{Path.GetRelativePath(place.Store, file)} garbled"
                          File.WriteAllBytes(file, whole))
          }

          test "a folder or a link to itself in place of a small file does not stop a run" {
              withStore (fun place files expected ->
                  for file in files do
                      let whole = File.ReadAllBytes file
                      File.Delete file
                      Directory.CreateDirectory file |> ignore
                      expectUnharmed place expected $"a folder for {file}"
                      Directory.Delete file
                      File.CreateSymbolicLink(file, file) |> ignore
                      expectUnharmed place expected $"a link for {file}"
                      File.Delete file
                      File.WriteAllBytes(file, whole))
          }

          testProperty
              "a checked text is read as it was written, or not at all"
              (fun (letters: char list) (at: NonNegativeInt) (byte: byte) ->
                  use place = new Workplace()
                  let path = Path.Combine(place.Folder, "text")
                  let text = letters |> List.filter (fun c -> not (Char.IsSurrogate c)) |> List.toArray |> String
                  CheckedText.write path text
                  Expect.equal (CheckedText.tryRead path) (Some text) "whole"
                  let whole = File.ReadAllBytes path
                  let altered = Array.copy whole
                  altered[at.Get % whole.Length] <- byte
                  File.WriteAllBytes(path, altered)

                  if altered <> whole then
                      Expect.isNone (CheckedText.tryRead path) "altered")

          test "a claim of garbage is taken over once it was silent, also where it is a folder" {
              use place = new Workplace()
              let store = Store.at place.Store
              Store.prepare store
              let key = String('c', 32)
              let claim = Path.Combine(store.Root, "claims", key + ".0")

              let take () =
                  Claim.acquireAfter
                      TimeSpan.Zero
                      (Path.GetDirectoryName claim |> string)
                      key
                      (fun () -> false)
                      ignore
                      Threading.CancellationToken.None

              for text in [ ""; "x"; "a\nb\n99999999999999\n1\nc\n"; $"a\nb\n1\n{Int64.MinValue}\nc\n" ] do
                  File.WriteAllText(claim, text)
                  use taken = take () |> Option.get
                  Expect.notEqual taken.Holder.Machine "a" ""

              Directory.CreateDirectory claim |> ignore
              use taken = take () |> Option.get
              Expect.notEqual taken.Holder.Token "" ""
          } ]
