module PUNet.Dsl.Tests.ScriptRootTests

open System
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private later = DateTime.UtcNow.AddDays 1.0
let private rule: StoreGarbage.Rule = { MaximalSize = None; Now = later }

let private withPlace work =
    use place = new Workplace()
    writeToyData place
    work place (Store.at place.Store)

let private going store = (StoreGarbage.find store rule).Going
let private clear store = StoreGarbage.delete store (StoreGarbage.find store rule) |> ignore
let private isWhole place epochs = planSmall place epochs |> List.forall (fun (_, status) -> status.IsCached)

[<Tests>]
let tests =
    testList
        "script roots"
        [ test "what a script last ran stays, and only what its earlier runs had goes" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"

                  for epochs in [ 1; 2; 1 ] do
                      runScript place (FakeRunner()) path epochs |> ignore

                  clear store
                  Expect.isTrue (isWhole place 1) "what it wants now"
                  Expect.isFalse (isWhole place 2) "what it no longer wants")
          }

          test "a stage that failed is noted with its reason until a run comes to its end" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  let failures () = (ScriptRoot.tryRead store (ScriptRoot.ofScript path).Id |> Option.get).Failures

                  let fail (work: StageWork) =
                      if StageSpec.kind work.Spec = "pretrain" then
                          failwith "no \"luck\""

                  for _ in 1..2 do
                      runScript place (FakeRunner(Before = fail)) path 1 |> ignore
                      let found = failures ()
                      Expect.hasLength found 1 "once, and what follows from it is no failure"
                      Expect.equal found.Head.Stage "pretrain" ""
                      Expect.stringContains found.Head.Reason "no \"luck\"" ""

                  runScript place (FakeRunner()) path 1 |> ignore
                  Expect.isEmpty (failures ()) "it ran")
          }

          test "two scripts with stages of the same names keep each its own" {
              withPlace (fun place store ->
                  runScript place (FakeRunner()) (emptyScript place "a.fsx") 1 |> ignore
                  runScript place (FakeRunner()) (emptyScript place "b.fsx") 2 |> ignore
                  Expect.isEmpty (going store) ""
                  clear store
                  Expect.isTrue (isWhole place 1 && isWhole place 2) "")
          }

          test "why each goes is told" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore
                  runScript place (FakeRunner()) path 2 |> ignore
                  let found = going store |> List.find (fun item -> item.What = "promptTune(bone)")
                  let latest = (Store.entries store |> List.find (fun entry -> entry.Label = "promptTune(bone)")).Key[..7]
                  Expect.equal found.Why $"the last run of {path} uses {latest} instead" ""
                  let other = emptyScript place "b.fsx"
                  runScript place (FakeRunner()) other 3 |> ignore
                  File.Delete other
                  let found = going store |> List.filter (fun item -> item.Why = $"the script {other} is gone")
                  Expect.hasLength found 5 "all that only that script needed")
          }

          test "once the file of a script is gone nothing keeps what it ran" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore
                  Expect.isEmpty (going store) "there"
                  File.Delete path
                  Expect.hasLength (going store) (Store.entries store).Length "gone"
                  clear store
                  Expect.isEmpty (Store.entries store) ""
                  Expect.isEmpty (fst (ScriptRoot.all store)) "and its record with it")
          }

          test "a script on another machine, or on a disk that is not there, keeps what it ran" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore
                  let root = fst (ScriptRoot.all store) |> List.exactlyOne
                  File.Delete path

                  for elsewhere in [ { root with Machine = "elsewhere 12" }; { root with Device = "another disk" } ] do
                      ScriptRoot.write store elsewhere
                      Expect.equal (ScriptRoot.state elsewhere) ScriptState.OutOfSight ""
                      Expect.isEmpty (going store) ""

                  ScriptRoot.forget store root.Id
                  Expect.isNonEmpty (going store) "until it is forgotten")
          }

          test "a run that fails keeps what it reached together with what the former run had" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore

                  let failing =
                      FakeRunner(
                          Before =
                              fun work ->
                                  if work.Label = "promptTune(bone)" then
                                      failwith "out of memory"
                      )

                  Expect.isFalse (runScript place failing path 2).Succeeded ""
                  Expect.isEmpty (going store) ""
                  clear store
                  Expect.isTrue (isWhole place 1) "what it had"
                  let runner = FakeRunner()
                  runScript place runner path 2 |> ignore
                  Expect.isFalse (List.contains "promptTune(lungs)" runner.Ran) "what it reached")
          }

          test "checkpoints of a stage that a script was stopped in stay" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"

                  let stopped =
                      FakeRunner(
                          Before =
                              fun work ->
                                  if work.Label = "pretrain" then
                                      File.WriteAllText(Path.Combine(work.Work, "checkpoint"), "after ten hours")
                                      raise (OperationCanceledException())
                      )

                  Expect.isFalse (runScript place stopped path 1).Succeeded ""
                  Expect.isEmpty (going store) "they are what the next run goes on from"
                  File.Delete path
                  Expect.exists (going store) (fun item -> item.What = "checkpoints of an unfinished stage") "nobody's")
          }

          test "a later part keeps what the earlier one ran, also where it is stopped" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore
                  // the first part of another run came to its end, the run did not
                  let first = FakeRunner().Run({ place.Options with Script = Some path }, [ (smallExperiment 2).Outputs.Head ])
                  Expect.isTrue first.Succeeded ""
                  Expect.isEmpty (going store) "")
          }

          test "while a record cannot be read no result goes" {
              withPlace (fun place store ->
                  let path = emptyScript place "a.fsx"
                  runScript place (FakeRunner()) path 1 |> ignore
                  runScript place (FakeRunner()) path 2 |> ignore
                  let record = Directory.GetFiles(Path.Combine(store.Root, "roots"))[0]
                  File.WriteAllText(record, "")
                  let inventory = StoreGarbage.find store rule
                  Expect.isEmpty inventory.Going ""
                  Expect.stringContains inventory.Roots.Unknown[0] $"`punet forget {Path.GetFileName record}`" ""
                  runScript place (FakeRunner()) path 2 |> ignore
                  Expect.hasLength (going store) 5 "the script's next run writes it anew")
          } ]
