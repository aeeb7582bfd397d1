module PUNet.Dsl.Tests.BaselineTests

open Expecto
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr
open PUNet.Dsl
open PUNet.Dsl.Engine

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

let private trained own =
    pretrain scans {
        network own
        supervise [ "liver"; "spleen" ]
    }

let private problemsOf (stage: Stage<Model>) = ExperimentChecks.problems (experiment "e" { evaluate stage })

let private texts (problems: Problem list) = problems |> List.map string |> String.concat "\n"

let private keyOf own = StageKey.fields (KeyEnvironment.forDevice "cpu") (trained own).Node.Spec Map.empty |> StageKey.ofFields

[<Tests>]
let tests =
    testList
        "baselines"
        [ test "every baseline is trained, adapted in its four ways, composed and evaluated without a fault" {
              for own in [ Baselines.unet2d; Baselines.unetr2d; Baselines.swinUnetr2d ] do
                  let backbone = trained own

                  let models =
                      [ fineTune backbone { target "bone" }
                        tuneOutput backbone { target "bone" }
                        tuneDecoder backbone { targets [ "lungs"; "bone" ] }
                        tuneBiases backbone { target "lungs" } ]

                  let problems =
                      ExperimentChecks.problems (
                          experiment "e" {
                              evaluate [ backbone ]
                              evaluate models
                              evaluate (compose [ models[1]; models[3] ])
                          }
                      )

                  Expect.isEmpty problems (texts problems)
          }

          test "the blocks state differences from the published sizes" {
              let configuration (declaration: NetworkDeclaration) =
                  Expect.isEmpty declaration.Problems ""
                  declaration.Configuration

              let small =
                  unetr {
                      feature_size 8
                      hidden_size 96
                      mlp_size 192
                      heads 6
                      layers 4
                      student_patch (64, 64, 1)
                      second_student_patch (48, 48, 1)
                      teacher_patch (80, 64, 1)
                  }

              match configuration small with
              | :? UnetrConfiguration as own ->
                  let sizes = [ own.FeatureSize; own.HiddenSize; own.MlpSize; own.Heads; own.Layers ]
                  Expect.sequenceEqual sizes [ 8; 96; 192; 6; 4 ] ""
                  Expect.equal own.TeacherPatch (Extent(80, 64, 1)) ""
              | other -> failtest $"{other}"

              let windowed =
                  swinUnetr {
                      feature_size 12
                      depths [ 2; 2; 4; 2 ]
                      heads [ 1; 2; 4; 8 ]
                      window 5
                  }

              match configuration windowed with
              | :? SwinUnetrConfiguration as own ->
                  Expect.equal (own.FeatureSize, own.Window) (12, 5) ""
                  Expect.sequenceEqual own.Depths [ 2; 2; 4; 2 ] ""
                  Expect.sequenceEqual own.Heads [ 1; 2; 4; 8 ] ""
              | other -> failtest $"{other}"

              match configuration (unet { channels [ 8; 8; 16; 16; 32 ] }) with
              | :? UNetConfiguration as own -> Expect.sequenceEqual own.Channels [ 8; 8; 16; 16; 32 ] ""
              | other -> failtest $"{other}"
          }

          test "architecture and sizes are in the key of what is trained" {
              let keys =
                  [ keyOf Baselines.unet2d
                    keyOf Baselines.unetr2d
                    keyOf Baselines.swinUnetr2d
                    keyOf PUNet.paper2d
                    keyOf (unet { channels [ 8; 8; 16; 16; 32 ] })
                    keyOf (unetr { layers 8 })
                    keyOf (swinUnetr { window 5 }) ]

              Expect.equal (List.distinct keys).Length keys.Length ""
              Expect.equal (keyOf (unetr { layers 12 })) (keyOf Baselines.unetr2d) "a default that is stated is the default"
          }

          test "patches that an architecture cannot take are told at their keyword with its rule" {
              let start = Here.line ()

              let residual =
                  unet {
                      teacher_patch (240, 240, 1)
                      student_patch (100, 96, 1)
                  }

              let transformer = unetr { second_student_patch (168, 160, 1) }

              let windowed =
                  swinUnetr {
                      student_patch (64, 96, 1)
                      second_student_patch (32, 64, 1)
                  }

              let deep = unet { student_patch (224, 224, 4) }

              let problems =
                  ExperimentChecks.problems (
                      experiment "e" {
                          evaluate [ for own in [ residual; transformer; windowed; deep ] -> fineTune (trained own) { target "bone" } ]
                      }
                  )

              let lines = [ for problem in problems -> problem.Position.Line - start ] |> List.distinct
              Expect.sequenceEqual lines [ 5; 8; 13; 16 ] (texts problems)
              let all = texts problems
              Expect.stringContains all "student_patch (100×96×1) must be a multiple of 8 voxels in-plane: UNet" ""
              Expect.stringContains all "second_student_patch (168×160×1) must be a multiple of 16 voxels in-plane: UNETR" ""
              Expect.stringContains all "second_student_patch (32×64×1) must be a multiple of 32 voxels in-plane, at least 64: SwinUNETR" ""
              Expect.stringContains all "student_patch (224×224×4) must have a depth of 1: UNet works on slices" ""
          }

          test "what only prompts and bottlenecks can do is refused where it stands" {
              let backbone = trained Baselines.unet2d
              let start = Here.line ()

              let models =
                  [ promptTune backbone { target "bone" }
                    tuneBottlenecks backbone { target "bone" }
                    tuneBiasesAndPrompts backbone { target "bone" }
                    fineTune backbone {
                        target "bone"
                        start_from_base_mean
                    } ]

              let problems = ExperimentChecks.problems (experiment "e" { evaluate models })
              Expect.sequenceEqual [ for problem in problems -> problem.Position.Line - start ] [ 3; 4; 5; 8 ] (texts problems)
              Expect.all problems (fun problem -> problem.Position.Column > 0) "every fault has its column"
              let all = texts problems

              Expect.stringContains
                  all
                  "UNet has no prompts to tune; adapt it by fineTune, tuneOutput, tuneDecoder, tuneBiases or tuneNorms"
                  ""

              Expect.stringContains all "UNet has no attention blocks for bottlenecks" ""
              Expect.stringContains all "start_from_base_mean has no effect here" ""
          }

          test "settings of prompts have no effect on a pre-training without them" {
              let start = Here.line ()

              let backbone =
                  pretrain scans {
                      network Baselines.swinUnetr2d
                      supervise [ "liver"; "spleen" ]
                      prompts_in_blocks false
                      prompt_rate 1e-2
                      active_classes (1, 2)
                  }

              let problems = problemsOf (fineTune backbone { target "bone" })
              Expect.sequenceEqual [ for problem in problems -> problem.Position.Line - start ] [ 6; 7; 8 ] (texts problems)
              Expect.stringContains (texts problems) "active_classes has no effect here; this network has a channel for each base class" ""
          } ]
