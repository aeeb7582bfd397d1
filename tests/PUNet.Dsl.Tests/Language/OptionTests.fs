/// Every option of the method as a keyword.
module PUNet.Dsl.Tests.OptionTests

open Expecto
open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Core.Blocks.Prompts
open PUNet.Core.Blocks.Windows
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Promptable
open PUNet.Dsl
open PUNet.Dsl.Tests.ToyDeclarations

let private settingsOf (stage: Stage<'T>) = stage.Node.Spec

let private pretraining (stage: Stage<Backbone>) =
    match settingsOf stage with
    | Pretrain settings -> settings
    | other -> failtest $"{other}"

let private adaptation (stage: Stage<Model>) =
    match settingsOf stage with
    | Adapt settings -> settings
    | other -> failtest $"{other}"

let private configuration (declaration: NetworkDeclaration) =
    match declaration.Configuration with
    | :? PromptableUNetConfiguration as own -> own
    | other -> failtest $"{other}"

[<Tests>]
let options =
    testList
        "options"
        [ test "each point in which paper and published implementation differ is an option of its own" {
              let points =
                  [ network { key_value_input KeyValueInput.ProjectedQuery }
                    network { window_layout WindowLayout.Dilated }
                    network { shift_mask ShiftMask.MultiplicativeInverted }
                    network { padding_region PaddingRegion.FixedContentRegion }
                    network { window_padding WindowPadding.AllAxesCeilingFirst }
                    network { similarity_scale SimilarityScale.CosinePlusHalf } ]
                  |> List.map (configuration >> _.Semantics)

              Expect.equal (List.distinct (AttentionSemantics.Paper :: points)).Length 7 "each differs from the paper and from the others"

              let all =
                  network {
                      key_value_input KeyValueInput.ProjectedQuery
                      window_layout WindowLayout.Dilated
                      shift_mask ShiftMask.MultiplicativeInverted
                      padding_region PaddingRegion.FixedContentRegion
                      window_padding WindowPadding.AllAxesCeilingFirst
                      similarity_scale SimilarityScale.CosinePlusHalf
                  }

              Expect.equal (configuration all).Semantics AttentionSemantics.Reference "all of them are the published implementation"

              let allButOne =
                  network {
                      semantics AttentionSemantics.Reference
                      window_layout WindowLayout.Contiguous
                  }

              Expect.notEqual
                  (configuration allButOne).Semantics
                  AttentionSemantics.Reference
                  "a point stated after a preset differs from it"
          }

          test "the ways of pre-training are told apart, and without labels prompts are in no block anyway" {
              let ways =
                  [ for prompted in [ true; false ] do
                        pretrain scans {
                            supervise organs.Base
                            self_supervise cpa
                            prompts_in_blocks prompted
                        }

                        pretrain scans {
                            supervise organs.Base
                            prompts_in_blocks prompted
                        }

                    pretrain scans { self_supervise cpa } ]

              Expect.all ways (fun way -> found way = "") ""
              Expect.equal (ways |> List.map (settingsOf >> StageSpec.parameters) |> List.distinct).Length 5 ""

              let without =
                  pretrain scans {
                      self_supervise cpa
                      prompts_in_blocks false
                  }

              Expect.stringContains (found without) "prompts_in_blocks has no effect here; prompts learn from labels only" ""
          }

          test "constants of both losses are settings" {
              let settings =
                  pretraining (
                      pretrain scans {
                          supervise organs.Base

                          segmentation_loss (
                              focal {
                                  gamma 3.0
                                  background_alpha 0.5
                                  foreground_alpha 2.0
                                  class_weights [ 0.1; 0.2; 0.3; 0.4 ]
                              }
                          )

                          self_supervise (
                              cpa {
                                  weight 0.1
                                  reduction 3.0
                                  prototype_reduction 4.0
                                  iterations 5
                                  prototype_width None
                                  teacher_width (Some 64.0)
                                  teacher_temperature 0.04
                                  student_temperature 0.08
                                  maximal_distance 6.0
                                  depth_scale 1.0
                              }
                          )
                      }
                  )

              Expect.equal
                  settings.Focal
                  (Some
                      { Gamma = 3.0
                        BackgroundAlpha = 0.5
                        ForegroundAlpha = 2.0
                        ClassWeights = ClassWeights.Given [ 0.1; 0.2; 0.3; 0.4 ] })
                  ""

              let constants = settings.Cpa.Value.Constants
              let defaults = CpaSettings.defaults.Constants

              for property in defaults.GetType().GetProperties() |> Array.filter _.CanWrite do
                  Expect.notEqual (property.GetValue constants) (property.GetValue defaults) property.Name
          }

          test "trainings share their keywords" {
              let settings =
                  adaptation (
                      promptTune backbone {
                          targets organs.Novel
                          active_classes (1, 2)
                          frozen_classes organs.Base
                          gradient_clip 0.5
                          rate 2e-3
                          weight_decay 0.1
                          crops_per_volume 1
                          precision ComputePrecision.Bfloat16
                          seed 9
                      }
                  )

              Expect.equal settings.ActiveClasses (Some(1, 2)) ""
              Expect.equal settings.FrozenClasses [ "liver"; "spleen" ] ""
              let training = settings.Training
              Expect.equal (training.GradientClip, training.BodyRate, training.PromptRate) (0.5, 2e-3, 2e-3) ""
              Expect.equal (training.WeightDecay, training.CropsPerVolume, training.Seed) (0.1, 1, 9) ""
              Expect.equal training.Precision ComputePrecision.Bfloat16 ""
          }

          test "models tuned separately are composed into one" {
              let both = compose [ for organ in organs.Novel -> promptTune backbone { target organ } ]
              Expect.equal (found both) "" ""
              let declared = experiment "e" { evaluate both }
              Expect.isEmpty (ExperimentChecks.problems declared) ""
              Expect.equal (Evaluations.classes both.Node) [ "lungs"; "bone" ] ""
          }

          test "classes of a model can be segmented in one pass" {
              let declared =
                  experiment "e" {
                      evaluate (promptTune backbone { targets organs.Novel })
                      one_pass
                  }

              let passes =
                  [ for output in declared.Outputs do
                        match output.Spec with
                        | Evaluate settings -> settings.OnePass
                        | _ -> () ]

              Expect.equal passes [ true ] ""
          } ]
