/// Every option of the method as a keyword.
module PUNet.Dsl.Tests.OptionTests

open Expecto
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Promptable
open PUNet.Core.Losses
open PUNet.Core.Training.Options
open PUNet.Dsl
open PUNet.Dsl.Tests.DeclaredSettings
open PUNet.Dsl.Tests.ToyDeclarations

[<Tests>]
let options =
    testList
        "options"
        [ test "a block that states nothing has what is recommended, and paper what the paper has, wherever it stands" {
              let short = recipe { epochs 3 }

              let plain = pretraining (pretrain scans { supervise organs.Base })

              let published =
                  pretraining (
                      pretrain scans {
                          follow short
                          supervise organs.Base
                          momentum 0.5
                          paper
                      }
                  )

              let size (options: PretrainingOptions) = options.Network.StudentPatch
              Expect.equal (plain.Recipe, size plain) (PretrainingOptions.Recommended.Recipe, Extent(96, 96, 1)) ""
              Expect.equal (size published, published.Momentum, published.Recipe.Epochs) (Extent(224, 224, 1), 0.5, 3) ""
              Expect.equal published.Recipe.CropsPerEpoch PretrainingOptions.Paper.Recipe.CropsPerEpoch ""

              let tuned = adaptation (promptTune backbone { target "bone" })

              let asPublished =
                  adaptation (
                      promptTune backbone {
                          paper
                          target "bone"
                      }
                  )

              Expect.equal (tuned.InitialTokens, tuned.OwnBackground) (TokenInitialisation.Prototypes, true) ""
              Expect.equal (asPublished.InitialTokens, asPublished.OwnBackground) (TokenInitialisation.Random, false) ""
              Expect.equal (asPublished.Recipe, asPublished.WeightAverage.HasValue) (TrainingRecipe.Adaptation, false) ""
              let layer = adaptation (tuneOutput backbone { target "bone" })
              Expect.equal (layer.InitialTokens, layer.OwnBackground) (TokenInitialisation.Random, false) "it has no prompts"
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

                          focal_loss {
                              gamma 3.0
                              background_alpha 0.5
                              foreground_alpha 2.0
                              class_weights [ 0.1; 0.2; 0.3; 0.4 ]
                          }

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

              let changed (defaults: 'Options) (options: 'Options) =
                  for property in defaults.GetType().GetProperties() |> Array.filter _.CanWrite do
                      Expect.notEqual (property.GetValue options) (property.GetValue defaults) property.Name

              changed (FocalLossOptions()) settings.Recipe.FocalLoss
              changed (ContrastivePrototypeAssignmentOptions()) (nonNull settings.SelfSupervise)
              Expect.sequenceEqual (nonNull settings.Recipe.FocalLoss.ClassWeights) [ 0.1; 0.2; 0.3; 0.4 ] ""
          }

          test "stages of two labels that are the same are told" {
              let labelled name share =
                  promptTune backbone {
                      follow (recipe { body_rate share })
                      target "bone"
                      label name
                  }

              let both = [ labelled "slow" 1e-3; labelled "fast" 1e-2 ]
              let told = ExperimentChecks.problems (experiment "e" { evaluate both }) |> List.map string |> String.concat "\n"
              Expect.stringContains told "stage \"fast\" is the same as \"slow\"" ""
          }

          test "every way of adapting has the keyword of its variant" {
              let declared =
                  [ for variant, block in PUNet.Dsl.Tests.Blocks.adaptations backbone do
                        match PUNet.Dsl.Tests.Blocks.write block [] with
                        | :? Stage<Model> as stage ->
                            Expect.equal block.Name (variant.Keyword()) ""
                            (adaptation stage).Variant
                        | other -> failtest $"{other}" ]

              Expect.sequenceEqual declared (System.Enum.GetValues<AdaptationVariant>()) ""
          }

          test "the rank of low-rank updates is a setting with limits" {
              let rankOf (stage: Stage<Model>) = (adaptation stage).Rank

              let stated =
                  tuneLowRank backbone {
                      target "bone"
                      rank 2
                  }

              let plain = tuneLowRank backbone { target "bone" }
              Expect.equal [ rankOf stated; rankOf plain ] [ 2; NetworkConfiguration.DefaultRank ] (found stated)

              Expect.stringContains
                  (found (
                      tuneLowRank backbone {
                          target "bone"
                          rank 257
                      }
                  ))
                  "rank is 257; it must be at most 256"
                  ""
          }

          test "models tuned separately are composed into one" {
              let both = compose [ for organ in organs.Novel -> promptTune backbone { target organ } ]
              Expect.equal (found both) "" ""
              let declared = experiment "e" { evaluate both }
              Expect.isEmpty (ExperimentChecks.problems declared) ""
              Expect.equal (Evaluations.classes both.Node) [ "lungs"; "bone" ] ""
          }

          test "components are chosen on validation subjects by default, and never on those that are scored" {
              let tuned = promptTune backbone { target "bone" }

              let rules (declared: Experiment) =
                  [ for output in declared.Outputs do
                        match output.Spec with
                        | Evaluate settings -> settings.Components, List.ofSeq (settings.Reads())
                        | _ -> () ]

              let plain = experiment "e" { evaluate tuned }
              Expect.equal (rules plain) [ ComponentRule.ByValidation, [ Part.Test; Part.Validation ] ] ""

              let scored =
                  experiment "e" {
                      evaluate tuned
                      evaluate_on Part.Validation
                  }

              Expect.equal (rules scored) [ ComponentRule.ByValidation, [ Part.Validation ] ] ""
              Expect.isEmpty scored.Problems ""

              let idle =
                  experiment "e" {
                      evaluate tuned
                      evaluate_on Part.Validation
                      components ComponentRule.ByValidation
                  }

              Expect.equal [ for problem in idle.Problems -> problem.What ] [ "components has no effect here" ] ""
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
