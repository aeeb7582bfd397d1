module PUNet.Dsl.Tests.CheckTests

open Expecto
open PUNet.Core.Models
open PUNet.Dsl

/// The line it is called on.
type private Here =
    static member line
        ([<System.Runtime.CompilerServices.CallerLineNumber;
           System.Runtime.InteropServices.Optional;
           System.Runtime.InteropServices.DefaultParameterValue(0)>] line: int)
        =
        line

let private scans =
    dataset "toy" {
        source (Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
        classes [ 1, "liver"; 2, "spleen"; 3, "lungs"; 4, "bone" ]
    }

let private backbone = pretrain scans { supervise [ "liver" ] }

let private problemsOf (stage: Stage<Model>) = ExperimentChecks.problems (experiment "e" { evaluate stage })

let private texts (problems: Problem list) = problems |> List.map string |> String.concat "\n"

[<Tests>]
let tests =
    testList
        "checks"
        [ test "a sound experiment has no faults" {
              Expect.isEmpty (ExperimentChecks.problems DesignExample.ctorg) ""
              Expect.isEmpty (ExperimentChecks.problems DesignExample.sweep) ""
          }

          test "all faults of a script are told at once, in its order, each at its keyword" {
              let start = Here.line ()

              let broken =
                  dataset "broken" {
                      source (Folder.pairs (data "x") "{id}.nii" "{id}_seg.nii")
                      spacing (1.0, 0.0, 1.0)
                      classes [ 1, "liver"; 2, "lungs" ]
                      intensity_window (1.0, -1.0)

                      split {
                          train 0.7
                          validation 0.1
                          test 0.3
                          seed 1
                      }
                  }

              let organs =
                  classSplit broken {
                      base_classes [ "liver"; "lungs" ]
                      novel_classes [ "lungs"; "livr" ]
                  }

              let trained =
                  pretrain broken {
                      supervise organs.Base
                      epochs -3
                      batch_size 3
                  }

              let tuned =
                  [ for organ in organs.Novel ->
                        promptTune trained {
                            target organ
                            prompt_rate -1.0
                        } ]

              let problems = ExperimentChecks.problems (experiment "e" { evaluate tuned })

              Expect.sequenceEqual
                  [ for problem in problems -> problem.Position.Line - start ]
                  [ 5; 7; 9; 20; 20; 26; 27; 33; 34 ]
                  (texts problems)

              let all = texts problems

              Expect.stringContains
                  all
                  "the split does not sum to 1; train, validation and test share all subjects; given: 0.7 + 0.1 + 0.3 = 1.1"
                  ""

              Expect.stringContains all "base and novel classes overlap" ""
              Expect.stringContains all "did you mean \"liver\"?" ""
              Expect.stringContains all "epochs is -3; it must be at least 1" ""
              Expect.stringContains all "CheckTests.fs(" ""
              Expect.all problems (fun problem -> problem.Position.Column > 0) "every fault has its column"
          }

          test "a mistyped class gets the nearest name" {
              let problems = problemsOf (promptTune backbone { target "lugns" })
              Expect.equal problems.Length 1 (texts problems)
              Expect.stringContains (texts problems) "unknown class \"lugns\"" ""
              Expect.stringContains (texts problems) "did you mean \"lungs\"?" ""
          }

          test "a class that was supervised cannot be adapted to" {
              Expect.stringContains
                  (texts (problemsOf (promptTune backbone { target "liver" })))
                  "class \"liver\" was already supervised"
                  ""
          }

          test "heads that do not divide channels are told where they stand" {
              let start = Here.line ()

              let odd =
                  network {
                      channels [ 8; 16; 16; 32; 30 ]
                      heads 4
                  }

              let trained =
                  pretrain scans {
                      network odd
                      supervise [ "liver" ]
                  }

              let problems = problemsOf (promptTune trained { target "bone" })
              Expect.sequenceEqual [ for problem in problems -> problem.Position.Line - start ] [ 5 ] (texts problems)
              Expect.stringContains (texts problems) "heads (4) must divide channels (30)" ""
          }

          test "patches that do not fit into the teacher's are refused" {
              let large = network { student_patch (300, 300, 1) }

              let trained =
                  pretrain scans {
                      network large
                      supervise [ "liver" ]
                  }

              Expect.stringContains
                  (texts (problemsOf (promptTune trained { target "bone" })))
                  "student_patch (300×300×1) must fit into teacher_patch"
                  ""
          }

          test "a prompt pool that cannot hold the dataset's classes is refused" {
              let small = network { pool_size 4 }

              let trained =
                  pretrain scans {
                      network small
                      supervise [ "liver" ]
                  }

              Expect.stringContains (texts (problemsOf (promptTune trained { target "bone" }))) "set pool_size 5 or more" ""
          }

          test "a keyword given twice is a fault" {
              let trained =
                  pretrain scans {
                      supervise [ "liver" ]
                      epochs 3
                      epochs 4
                  }

              Expect.stringContains (texts (problemsOf (promptTune trained { target "bone" }))) "epochs is given twice" ""
          }

          test "a stage that is no backbone cannot be adapted" {
              let wrong = Stage<Backbone>(scans.Stage.Node)
              Expect.stringContains (texts (problemsOf (promptTune wrong { target "bone" }))) "prepare(toy) is not a backbone" ""
          }

          test "pre-training without a loss is refused" {
              Expect.stringContains
                  (texts (problemsOf (promptTune (pretrain scans { epochs 3 }) { target "bone" })))
                  "pre-training has no loss"
                  ""
          }

          test "without a class that supervises, nothing is said of active classes" {
              let told = texts (problemsOf (promptTune (pretrain scans { supervise ([]: string list) }) { target "bone" }))
              Expect.stringContains told "no class supervises" ""
              Expect.isFalse (told.Contains "active_classes") told
          }

          test "two stages of one given label are refused" {
              let first =
                  promptTune backbone {
                      target "bone"
                      label "mine"
                  }

              let second =
                  promptTune backbone {
                      target "lungs"
                      label "mine"
                  }

              let problems =
                  ExperimentChecks.problems (
                      experiment "e" {
                          evaluate first
                          evaluate second
                      }
                  )

              Expect.equal problems.Length 1 (texts problems)
              Expect.stringContains (texts problems) "two stages are called \"mine\"" ""
          }

          test "a compared stage without a partner is told" {
              let left = [ promptTune backbone { target "bone" }; promptTune backbone { target "lungs" } ]
              let right = [ fineTune backbone { target "bone" } ]
              let problems = ExperimentChecks.problems (experiment "e" { compare left right })
              Expect.equal problems.Length 1 (texts problems)
              Expect.stringContains (texts problems) "promptTune(lungs) has nothing to be compared with" ""
          }

          test "an experiment that evaluates nothing, or what has no classes, is refused" {
              let untrained = randomBackbone scans { seed 2 }
              Expect.stringContains (texts (ExperimentChecks.problems (experiment "e" { overlap 0.5 }))) "evaluates nothing" ""
              Expect.stringContains (texts (ExperimentChecks.problems (experiment "e" { evaluate untrained }))) "no class to evaluate" ""
          }

          test "two experiments of one name are refused, and a fault that they share is told once" {
              let tuned = promptTune backbone { target "bnoe" }
              let problems = ExperimentChecks.problemsOfAll [ experiment "e" { evaluate tuned }; experiment "e" { evaluate tuned } ]
              Expect.equal problems.Length 2 (texts problems)
              Expect.stringContains (texts problems) "two experiments are called \"e\"" ""
          }

          test "the distance of names counts edits and not cases" {
              Expect.equal (NearestName.distance "Livre" "liver") 2 ""
              Expect.equal (NearestName.distance "" "abc") 3 ""
              Expect.isNone (NearestName.find "pancreas" [ "liver"; "lungs" ]) "nothing is near"
          }

          test "experiments that no name holds are found" {
              let found = Declared.during (fun () -> experiment "one" { evaluate backbone } |> ignore)
              Expect.sequenceEqual (found |> List.map _.Name) [ "one" ] ""
          } ]
