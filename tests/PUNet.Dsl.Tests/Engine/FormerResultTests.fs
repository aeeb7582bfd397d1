module PUNet.Dsl.Tests.FormerResultTests

open System
open System.IO
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private number = Canonical.integer

let private fields parameters inputs =
    Canonical.fields
        [ "kind", Text "adapt"
          "parameters", Canonical.fields parameters
          "inputs", Canonical.fields [ for name, content in inputs -> name, Text content ]
          "code", Text "c" ]

let private differences unknown before after = KeyChanges.differences (Set.ofList unknown) before after |> List.map string

let private entry label fields : Provenance =
    { Key = Canonical.hash fields
      Kind = "adapt"
      Label = label
      Fields = fields
      Inputs = []
      Content = ""
      Files = []
      Machine = ""
      Versions = Map.empty
      Commit = ""
      Started = DateTimeOffset.UnixEpoch
      Ended = DateTimeOffset.UnixEpoch
      PeakMemory = 0L }

let private many = [ for i in 1..10 -> $"p{i}", number 1L ]
let private edited count = [ for i in 1..10 -> $"p{i}", number (if i <= count then 2L else 1L) ]

let private found label now entries =
    FormerResult.find entries "adapt" label Map.empty Set.empty now
    |> Option.map (fun (found, changes) -> found.Label, List.map string changes)

let private statuses place (experiment: Experiment) =
    Plan.make place (Graph.ofExperiment experiment) |> List.map (fun entry -> entry.Node.Label, entry.Status) |> Map.ofList

/// Another experiment with the same words: other scans, other network, other settings.
let private unrelated () =
    let scans =
        dataset "toy" {
            source (Folder.pairs (data "other") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
            classes [ 1, "lungs"; 2, "skin"; 3, "heart" ]
            intensity_window (0.0, 1.0)
            body_crop 2.0
        }

    let backbone =
        pretrain scans {
            supervise [ "skin" ]
            epochs 3
            batch_size 2
            body_rate 0.5
        }

    let tuned =
        promptTune backbone {
            target "lungs"
            epochs 3
            batch_size 2
            prompt_rate 0.5
        }

    experiment "another" { evaluate tuned }

[<Tests>]
let tests =
    testList
        "former results"
        [ test "a value on one side and a record on the other are one difference, with what the record holds" {
              let off = fields [ "cpa", Nothing ] []

              let on =
                  fields
                      [ "cpa", Canonical.fields [ "a", number 1L; "b", number 2L; "c", Canonical.fields [ "d", Nothing; "e", number 3L ] ] ]
                      []

              Expect.equal (differences [] off on) [ "cpa: none → a=1, b=2, c.d=none and 1 more" ] ""
              Expect.equal (differences [] on off) [ "cpa: a=1, b=2, c.d=none and 1 more → none" ] ""
          }

          test "inputs whose contents are not known yet differ in nothing" {
              let before = fields many [ "scans", "1"; "backbone", "2" ]
              Expect.isEmpty (differences [ "scans"; "backbone" ] before (fields many [])) ""
              Expect.equal (differences [ "backbone" ] before (fields many [ "scans", "3" ])) [ "inputs.scans: 1 → 3" ] ""
              Expect.equal (differences [] before (fields many [ "scans", "1" ])) [ "inputs.backbone: no longer there (was 2)" ] ""
          }

          test "new fields, lost fields and values that read alike are told as what they are" {
              let before, after = fields [ "a", Text "1"; "b", number 1L ] [], fields [ "a", number 1L; "c", number 2L ] []
              Expect.equal (differences [] before after) [ "a: \"1\" → 1"; "b: no longer there (was 1)"; "c: 2 (new)" ] ""
          }

          test "of several results the one that differs in the fewest fields is compared with" {
              let entries = [ entry "x" (fields (edited 3) [ "scans", "1" ]); entry "x" (fields (edited 1) [ "scans", "1" ]) ]
              Expect.equal (found "x" (fields many [ "scans", "1" ]) entries) (Some("x", [ "p1: 2 → 1" ])) ""
          }

          test "what shares no input and few settings is another experiment's, what shares either is not" {
              let now = fields many [ "scans", "1" ]
              Expect.isNone (found "x" now [ entry "x" (fields (edited 3) [ "scans", "2" ]) ]) "other data and other settings"
              Expect.isNone (found "x" now [ entry "x" (fields (edited 6) [ "scans", "1" ]) ]) "nothing but the data"
              Expect.isSome (found "x" now [ entry "x" (fields (edited 5) [ "scans", "1" ]) ]) "the same data"
              Expect.isSome (found "x" now [ entry "x" (fields (edited 2) [ "scans", "2" ]) ]) "nearly the same settings"
          }

          test "a label that is completed by a setting still finds the result before the setting changed" {
              let entries = [ entry "evaluate(x(y)[rate=0.1])" (fields (edited 1) [ "scans", "1" ]) ]
              let now = fields many [ "scans", "1" ]
              Expect.isSome (found "evaluate(x(y))" now entries) ""
              Expect.isSome (found "evaluate(x(y)[rate=0.2])#2" now entries) ""
              Expect.isNone (found "evaluate(x(z))" now entries) "another class"
          }

          test "the results of an unrelated experiment in the same store explain nothing" {
              use place = new Workplace()
              writeToyData place
              place.Write("other/a_ct.nii.gz", "other image")
              place.Write("other/a_seg.nii.gz", "other labels")
              runSmall place (FakeRunner()) 5 |> ignore
              let planned = statuses place.Options (unrelated ())
              Expect.equal planned["prepare(toy)"] (PlanStatus.Run RunReason.NeverRun) ""
              Expect.equal planned["pretrain"] (PlanStatus.Waiting([ "prepare(toy)" ], [], None)) ""
              Expect.equal planned["promptTune(lungs)"] (PlanStatus.Waiting([ "prepare(toy)"; "pretrain" ], [], None)) ""
              Expect.equal planned["table(another)"] (PlanStatus.Waiting([ "evaluate(promptTune(lungs))" ], [], None)) ""
          }

          test "an evaluation of another dataset explains none, although both have the few settings of any evaluation" {
              let sources = Map.ofList [ "scans", "prepare(a)"; "backbone", "pretrain" ]
              let few = [ "classes", Text "liver"; "overlap", number 1L ]

              let evaluated dataset content =
                  { entry "evaluate(pretrain)" (fields few [ "scans", content; "backbone", "b" ]) with
                      Inputs =
                          [ for name, from in [ "scans", $"prepare({dataset})"; "backbone", "pretrain" ] ->
                                { Name = name; From = from; Artifact = ""; Reads = ""; Content = "" } ] }

              let former entry unknown =
                  FormerResult.find [ entry ] "adapt" "evaluate(pretrain)" sources unknown (fields few [ "scans", "2"; "backbone", "c" ])

              Expect.isNone (former (evaluated "b" "1") Set.empty) "another dataset"
              Expect.isNone (former (evaluated "b" "1") (Set.ofList [ "scans"; "backbone" ])) "another dataset, not yet prepared"
              Expect.isSome (former (evaluated "a" "1") Set.empty) "the same dataset, prepared otherwise"
              Expect.isSome (former (evaluated "b" "2") Set.empty) "a dataset of another name and the same content"
          }

          test "a waiting stage is not said to have lost the inputs that it waits for" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              place.Write("toy/a_ct.nii.gz", "another image")

              for label, status in planSmall place 6 do
                  match status with
                  | PlanStatus.Waiting(_, changes, _) ->
                      Expect.equal (changes |> List.map string) (if label.StartsWith "promptTune" then [ "epochs: 5 → 6" ] else []) label
                  | PlanStatus.Run(RunReason.Changed(_, [ change ])) -> Expect.equal change.Field "inputs.source" label
                  | other -> failtest $"{label}: {other}"
          }

          test "an explanation says of such an input that it is not known yet" {
              use place = new Workplace()
              writeToyData place
              runSmall place (FakeRunner()) 5 |> ignore
              place.Write("toy/a_ct.nii.gz", "another image")
              let plan = Plan.make place.Options (Graph.ofExperiment (smallExperiment 6))
              let entry = plan |> List.find (fun entry -> entry.Node.Label = "promptTune(bone)")
              let explanation = Explanation.make place.Options (Store.at place.Store) plan entry
              Expect.equal (explanation.Fields |> List.filter _.Differs |> List.map _.Field) [ "epochs" ] ""
              let unknown = explanation.Fields |> List.filter (fun field -> not field.IsKnown)
              Expect.equal (unknown |> List.map _.Field) [ "inputs.backbone"; "inputs.scans" ] ""
              Expect.all unknown _.Before.IsSome "their former contents are told"
          }

          test "a stage goes on only where something is left to go on from" {
              use place = new Workplace()
              writeToyData place
              let store = Store.at place.Store
              Store.prepare store

              let entry = Plan.make place.Options (Graph.ofExperiment (smallExperiment 5)) |> List.head
              let work = entry.Key |> Option.map store.Work |> Option.defaultValue ""
              Directory.CreateDirectory(Path.Combine(work, "subjects", "images")) |> ignore
              File.WriteAllText(Path.Combine(work, "events.out.tfevents.1.here"), "figures")
              Expect.equal (planSmall place 5 |> List.head |> snd) (PlanStatus.Run RunReason.NeverRun) "figures are nothing to go on from"
              File.WriteAllText(Path.Combine(work, "progress.txt"), "2 of 3 subjects")
              Expect.equal (planSmall place 5 |> List.head |> snd) (PlanStatus.Resume "2 of 3 subjects") ""
          }

          test "what failed in a part of a run is not tried again in the next" {
              use place = new Workplace()
              writeToyData place
              let graph = Graph.ofExperiment (smallExperiment 5)
              let mutable tries = 0

              let fail (_: StageWork) =
                  tries <- tries + 1
                  failwith "no"

              let go earlier graph = Executor.goOn earlier place.Options fail ignore Threading.CancellationToken.None graph
              let prepared = go { Outcomes = [] } (Graph.preparations graph)
              Expect.equal (prepared.Outcomes |> List.map (fun (node, _) -> node.Label)) [ "prepare(toy)" ] ""
              let all = go prepared graph
              Expect.equal tries 1 ""
              Expect.isTrue (snd all.Outcomes.Head).IsFailed ""
              Expect.all (List.tail all.Outcomes) (fun (_, outcome) -> outcome = StageOutcome.Skipped "prepare(toy)") ""
          } ]
