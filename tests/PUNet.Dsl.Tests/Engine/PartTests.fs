/// Parts of a dataset that nobody is in.
module PUNet.Dsl.Tests.PartTests

open System.Collections.Generic
open System.IO
open System.Threading
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine

let private experimentOn (scans: Dataset) =
    let organs = classSplit scans { base_classes [ "liver" ] }
    experiment "toy" { evaluate (pretrain scans { supervise organs.Base }) }

/// Really prepares, and only pretends to train.
let private run (place: ScanFolder) (scans: Dataset) =
    let ran = List<string>()
    let options = RunOptions.inFolders (place.At "store") place.Root

    let options =
        { options with
            Environment = { options.Environment with Code = (fun _ -> "1"); Functions = fun _ -> Map.empty } }

    let runner (work: StageWork) =
        ran.Add(StageSpec.kind work.Spec)

        match work.Spec with
        | Prepare _ -> Stages.runner "cpu" 1 work
        | _ -> File.WriteAllText(Path.Combine(work.Output, "result.txt"), "")

    let result = Executor.run options runner ignore CancellationToken.None (Graph.ofOutputs (experimentOn scans).Outputs)

    match snd result.Outcomes.Head with
    | StageOutcome.Failed(reason, _) -> reason, List.ofSeq ran
    | _ -> "", List.ofSeq ran

let private given () =
    dataset "toy" {
        source (Folder.pairs (data "d") "{id}_ct" "{id}_seg")
        classes [ 1, "liver" ]
        given_split
    }

[<Tests>]
let tests =
    testList
        "parts"
        [ test "a part that is evaluated and lost all its subjects is told before anything is trained, also the second time" {
              use place = new ScanFolder()

              for i, part in Seq.indexed [ "train"; "validation"; "test" ] do
                  place.Scan($"d/{part}/{part}_ct.nii.gz", i)
                  place.Labels($"d/{part}/{part}_seg.nii.gz", (if part = "test" then 0 else 1))

              let reason, ran = run place (given ())
              Expect.stringContains reason "reads the test part, which has no subject (train 1, validation 1, test 0)" ""
              Expect.equal ran [ "prepare" ] ""
              let again, ran = run place (given ())
              Expect.equal (again, ran) (reason, []) "prepared before"
              place.Labels("d/test/test_seg.nii.gz", 1)
              let reason, ran = run place (given ())
              Expect.equal (reason, ran) ("", [ "prepare"; "pretrain"; "evaluate"; "report" ]) ""
          }

          test "a split that leaves a part of it without subjects ends the preparation" {
              use place = new ScanFolder()
              place.Scan("d/a_ct.nii.gz", 1)
              place.Labels("d/a_seg.nii.gz", 1)

              let scans =
                  dataset "toy" {
                      source (Folder.pairs (data "d") "{id}_ct" "{id}_seg")
                      classes [ 1, "liver" ]
                  }

              let reason, ran = run place scans
              Expect.stringContains reason "The train part has no subject after preparation" ""
              Expect.stringContains reason "validation part has no subject" ""
              Expect.equal ran [ "prepare" ] ""
          }

          test "an evaluation of a part without a share is a fault of the script" {
              let scans =
                  dataset "toy" {
                      source (Folder.pairs (data "d") "{id}_ct" "{id}_seg")
                      classes [ 1, "liver" ]

                      split {
                          train 0.8
                          validation 0.2
                          test 0.0
                      }
                  }

              let told = ExperimentChecks.problems (experimentOn scans) |> List.map string |> String.concat "\n"
              Expect.stringContains told "pretrain is evaluated on an empty part; a part that is evaluated has subjects; given: test 0" ""
          }

          test "names of files without the subject's place, with two, or the same for both are faults at the source" {
              for image, labels, expected in
                  [ "ct.nii.gz", "{id}_seg", "exactly once, in the file's name; given 'ct.nii.gz'"
                    "{id}_ct", "{id}_{id}", "given '{id}_{id}'"
                    "{id}/ct.nii.gz", "{id}_seg", "given '{id}/ct.nii.gz'"
                    "{id}", "{id}", "have different names" ] do
                  let scans =
                      dataset "toy" {
                          source (Folder.pairs (data "d") image labels)
                          classes [ 1, "liver" ]
                      }

                  let told = scans.Stage.Node.Problems |> List.map string |> String.concat "\n"
                  Expect.stringContains told "PartTests.fs" ""
                  Expect.stringContains told expected ""
          } ]
