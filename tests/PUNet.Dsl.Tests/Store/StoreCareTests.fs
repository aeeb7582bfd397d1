module PUNet.Dsl.Tests.StoreCareTests

open System
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private later = DateTime.UtcNow.AddDays 1.0
let private rule: StoreGarbage.Rule = { MaximalSize = None; Now = later }

let private withRuns (epochs: int list) work =
    use place = new Workplace()
    writeToyData place
    let script = emptyScript place "toy.fsx"
    epochs |> List.iter (fun count -> runScript place (FakeRunner()) script count |> ignore)
    work place (Store.at place.Store)

let private labels (inventory: StoreGarbage.Inventory) = inventory.Going |> List.map _.What |> List.sort

[<Tests>]
let tests =
    testList
        "store care"
        [ test "what a later run replaced can go, and nothing that the latest results were made from" {
              withRuns [ 5; 6 ] (fun place store ->
                  let found = StoreGarbage.find store rule

                  Expect.equal
                      (labels found)
                      (List.sort
                          [ "promptTune(lungs)"
                            "promptTune(bone)"
                            "evaluate(promptTune(lungs))"
                            "evaluate(promptTune(bone))"
                            "table(toy)" ])
                      ""

                  StoreGarbage.delete store found |> ignore
                  Expect.all (planSmall place 6) (fun (_, status) -> status.IsCached) "the latest run is whole"
                  Expect.exists (planSmall place 5) (fun (_, status) -> status.IsRun) "the earlier one is gone")
          }

          test "looking for garbage changes nothing" {
              withRuns [ 5; 6 ] (fun _ store ->
                  let files () = Directory.GetFileSystemEntries(store.Root, "*", SearchOption.AllDirectories) |> Array.sort
                  let before = files ()
                  StoreGarbage.find store rule |> ignore
                  Expect.equal (files ()) before "")
          }

          test "a pinned result stays with all that it was made from" {
              withRuns [ 5; 6 ] (fun place store ->
                  let pinned =
                      Store.entries store |> List.filter (fun entry -> entry.Label = "evaluate(promptTune(bone))") |> List.minBy _.Ended

                  StorePins.pin store pinned.Key "for the paper"
                  Expect.equal (StorePins.all store) [ pinned.Key, "for the paper" ] ""
                  let found = StoreGarbage.find store rule |> labels
                  Expect.isFalse (List.contains "promptTune(bone)" found) "its input"
                  Expect.isFalse (List.contains "evaluate(promptTune(bone))" found) "itself"
                  Expect.isTrue (List.contains "promptTune(lungs)" found) "others"
                  StorePins.unpin store pinned.Key
                  Expect.contains (StoreGarbage.find store rule |> labels) "promptTune(bone)" "")
          }

          test "what a run works with stays, and what was used within the last minutes" {
              withRuns [ 5; 6 ] (fun _ store ->
                  Expect.isEmpty (StoreGarbage.find store { rule with Now = DateTime.UtcNow }).Going "just used"
                  let oldest = Store.entries store |> List.filter (fun entry -> entry.Label = "promptTune(bone)") |> List.minBy _.Ended

                  do
                      use inUse = new StoreUse(store, None)
                      inUse.Add(oldest.Key, oldest.Label)
                      let soon = { rule with Now = DateTime.UtcNow.AddMinutes 9.0 }
                      Expect.contains (StoreUse.current store soon.Now |> Option.get) oldest.Key ""

                  Expect.equal (StoreUse.current store DateTime.UtcNow) (Some []) "ended")
          }

          test "with a size to keep, the least recently used go first, until it fits, and nothing that a script's last run needs" {
              withRuns [ 5; 6 ] (fun place store ->
                  let unneeded = StoreGarbage.find store rule |> _.Going
                  let old = unneeded |> List.find (fun item -> item.What = "promptTune(bone)")
                  Directory.SetLastWriteTimeUtc(store.Artifact old.Key, DateTime.UtcNow.AddDays -30.0)

                  let size =
                      Directory.EnumerateFiles(Path.Combine(store.Root, "artifacts"), "*", SearchOption.AllDirectories)
                      |> Seq.sumBy (fun path -> FileInfo(path).Length)

                  let limited limit = StoreGarbage.find store { rule with MaximalSize = Some limit }
                  Expect.isEmpty (limited size).Going "it fits"
                  Expect.equal (labels (limited (size - 1L))) [ "promptTune(bone)" ] "one goes"
                  let none = limited 0L
                  Expect.hasLength none.Going unneeded.Length "all that nobody needs"
                  Expect.equal none.Kept (size - (none.Going |> List.sumBy _.Size)) "and what stays is told"
                  StoreGarbage.delete store none |> ignore
                  Expect.all (planSmall place 6) (fun (_, status) -> status.IsCached) "")
          }

          test "the rests of killed runs can go, but no checkpoints of a stage that runs" {
              withRuns [ 5 ] (fun _ store ->
                  let key = String('b', 32)
                  let work = store.Work key
                  Directory.CreateDirectory work |> ignore
                  File.WriteAllText(Path.Combine(work, "checkpoint"), "x")
                  let written = Directory.CreateDirectory(Path.Combine(store.Root, "tmp", StoreTree.attempt key)).FullName

                  for path in [ work; written ] do
                      Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours -1.0)

                  let now = { rule with Now = DateTime.UtcNow }
                  Expect.hasLength (StoreGarbage.find store now).Going 2 ""
                  use claim = Claim.acquire store.Claims key (fun () -> false) ignore Threading.CancellationToken.None |> Option.get
                  Expect.isEmpty (StoreGarbage.find store now).Going (string claim.Holder))
          }

          test "a damaged result that was set aside runs again" {
              withRuns [ 5 ] (fun place store ->
                  let entry = Store.entries store |> List.find (fun entry -> entry.Label = "promptTune(bone)")
                  let aside = Store.setAside store entry.Key
                  Expect.isTrue (File.Exists(Path.Combine(aside, "provenance.json"))) "kept for a look"
                  let runner = FakeRunner()
                  runSmall place runner 5 |> ignore
                  Expect.equal runner.Ran [ "promptTune(bone)" ] "")
          }

          test "an explanation marks what differs from the nearest result, and nothing else" {
              withRuns [ 5 ] (fun place store ->
                  let plan = Plan.make place.Options (Graph.ofExperiment (smallExperiment 6))
                  let entry = plan |> List.find (fun entry -> entry.Node.Label = "promptTune(bone)")
                  let explanation = Explanation.make place.Options store plan entry
                  let marked = explanation.Fields |> List.filter _.Differs

                  Expect.equal (marked |> List.map (fun field -> field.Field, field.Before, field.Now)) [ "epochs", Some "5", Some "6" ] ""

                  Expect.exists explanation.Fields (fun field -> field.Field = "environment.determinism") "every field is there"
                  let scans = explanation.Fields |> List.find (fun field -> field.Field = "inputs.scans")
                  Expect.isSome scans.Now "contents of inputs that are known")
          }

          test "results of another determinism level are others" {
              withRuns [ 5 ] (fun place _ ->
                  let environment =
                      { place.Options.Environment with
                          Determinism = "strict"
                          Arithmetic = Map [ "model", "AuthenticAMD 25/17" ] }

                  let options = { place.Options with Environment = environment }
                  let plan = Plan.make options (Graph.ofExperiment (smallExperiment 5))
                  Expect.isTrue plan[0].Status.IsCached "a preparation computes nothing on the device"

                  match plan[1].Status with
                  | PlanStatus.Run(RunReason.Changed(_, changes)) ->
                      Expect.equal
                          (List.map string changes)
                          [ "environment.determinism: seeded → strict"; "environment.processor.model: AuthenticAMD 25/17 (new)" ]
                          ""
                  | other -> failtest $"{other}")
          } ]
