/// Every option of the method as a keyword, and what cannot be combined.
module PUNet.Dsl.Tests.OptionTests

open Expecto
open PUNet.Core.Blocks
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Dsl

let private scans =
    dataset "toy" {
        source (Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
        classes [ 1, "liver"; 2, "spleen"; 3, "lungs"; 4, "bone" ]
    }

let private organs =
    classSplit scans {
        base_classes [ "liver"; "spleen" ]
        novel_classes [ "lungs"; "bone" ]
    }

let private backbone = pretrain scans { supervise organs.Base }

let private learnedBy declared =
    pretrain scans {
        network declared
        supervise organs.Base
    }

let private untrained = randomBackbone scans { seed 2 }

let private found (stage: Stage<'T>) = stage.Node.Problems |> List.map string |> String.concat "\n"

let private settingsOf (stage: Stage<'T>) = stage.Node.Spec

let private pretraining (stage: Stage<Backbone>) =
    match settingsOf stage with
    | Pretrain settings -> settings
    | other -> failtest $"{other}"

let private adaptation (stage: Stage<Model>) =
    match settingsOf stage with
    | Adapt settings -> settings
    | other -> failtest $"{other}"

let private refused name (stage: Stage<'T>) (what: string) = test name { Expect.stringContains (found stage) what "" }

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

          test "the six ways of pre-training are told apart" {
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

                        pretrain scans {
                            self_supervise cpa
                            prompts_in_blocks prompted
                        } ]

              Expect.all ways (fun way -> found way = "") ""
              Expect.equal (ways |> List.map (settingsOf >> StageSpec.parameters) |> List.distinct).Length 6 ""
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

[<Tests>]
let combinations =
    testList
        "combinations"
        [ refused
              "a mean of base tokens of a backbone without base classes"
              (promptTune untrained {
                  target "bone"
                  start_from_base_mean
              })
              "randomBackbone has no base classes"

          refused
              "tokens where there are no prompts"
              (tuneOutput backbone {
                  target "bone"
                  start_from_base_mean
              })
              "start_from_base_mean has no effect here; tuneOutput predicts by a fixed output layer"

          refused
              "a rate of prompts where there are none"
              (tuneBiases backbone {
                  target "bone"
                  prompt_rate 1e-3
              })
              "prompt_rate has no effect here"

          refused
              "a frozen class that the backbone has not learned"
              (promptTune backbone {
                  target "bone"
                  frozen_classes [ "lungs" ]
              })
              "class \"lungs\" was not learned by pretrain"

          refused
              "a new class that is learned already"
              (promptTune backbone { targets [ "bone"; "liver" ] })
              "class \"liver\" was already supervised"

          refused
              "more active classes than there are"
              (promptTune backbone {
                  target "bone"
                  active_classes (1, 2)
              })
              "from 1 to the number of target classes (1)"

          refused
              "some of the classes of a fixed output layer"
              (tuneDecoder backbone {
                  targets organs.Novel
                  active_classes (1, 1)
              })
              "tuneDecoder trains all its classes at once"

          refused
              "adapters that do not divide the channels"
              (tuneAdapters (
                  learnedBy (
                      network {
                          channels [ 6; 6; 6; 6; 6 ]
                          heads 2
                      }
                  )
              ) {
                  target "bone"
              })
              "adapters reduce channels by 4"

          refused
              "a segmentation loss without labels"
              (pretrain scans {
                  self_supervise cpa
                  segmentation_loss (focal { gamma 2.0 })
              })
              "segmentation_loss has no effect here"

          refused
              "a teacher without self-supervision"
              (pretrain scans {
                  supervise organs.Base
                  momentum 0.9
              })
              "momentum has no effect here; only self-supervision has a teacher"

          refused
              "weights of another number of classes"
              (pretrain scans {
                  supervise organs.Base
                  segmentation_loss (focal { class_weights [ 1.0 ] })
              })
              "it has one number for every class (4)"

          refused
              "weights that are given and come from the dataset"
              (pretrain scans {
                  supervise organs.Base

                  segmentation_loss (
                      focal {
                          class_weights [ 1.0; 1.0; 1.0; 1.0 ]
                          ratio_factor 0.1
                      }
                  )
              })
              "class_weights and ratio_factor are both given"

          refused
              "a temperature of nothing"
              (pretrain scans { self_supervise (cpa { teacher_temperature 0.0 }) })
              "temperatures must be positive"

          refused
              "a clip that lets no gradient through"
              (pretrain scans {
                  supervise organs.Base
                  gradient_clip 0.0
              })
              "gradient_clip is 0; it must be above 0"

          refused
              "bias switches without bias scores"
              (learnedBy (
                  network {
                      bias_scores BiasScores.Pure
                      unique_token_bias false
                  }
              ))
              "leave both true"

          refused
              "a position code of several slices"
              (learnedBy (
                  network {
                      bias_scores BiasScores.Vit
                      student_patch (112, 112, 4)
                      second_student_patch (80, 80, 4)
                      teacher_patch (128, 128, 4)
                  }
              ))
              "needs a depth of 1"

          refused
              "the top three of two tokens"
              (learnedBy (
                  network {
                      aggregation SimilarityAggregation.TopThree
                      tokens_per_class 2
                  }
              ))
              "needs at least 3 tokens_per_class"

          refused "a composition of nothing" (compose []) "compose is given no model"

          refused
              "a composition of one class twice"
              (compose [ promptTune backbone { target "bone" }; fineTune backbone { target "bone" } ])
              "class \"bone\" is learned by 2 of the composed models"

          refused
              "a composition over two backbones"
              (compose [ promptTune backbone { target "bone" }; promptTune untrained { target "lungs" } ])
              "the composed models have different backbones" ]
