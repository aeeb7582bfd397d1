/// Every option of the method as a keyword.
module PUNet.Dsl.Tests.OptionTests

open Expecto
open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Core.Blocks.Prompts
open PUNet.Core.Blocks.Windows
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Promptable
open PUNet.Core.Losses
open PUNet.Core.Training.Options
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

          test "a block that states nothing has what is recommended, and paper what the paper has, wherever it stands" {
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

          test "a network differs from another one, wherever that is named, and from no baseline" {
              let own =
                  network {
                      heads 2
                      like PUNet.small2d
                      student_patch (80, 64, 1)
                  }

              let small = configuration PUNet.small2d
              let made = configuration own
              Expect.equal (made.Heads, made.StudentPatch) (2, Extent(80, 64, 1)) ""
              Expect.equal (made.LogitScale, made.TeacherPatch) (small.LogitScale, small.TeacherPatch) ""
              Expect.isEmpty own.Problems ""
              let other = network { like Baselines.unet2d }

              Expect.equal
                  [ for problem in other.Problems -> problem.What, problem.Position.File.EndsWith("OptionTests.fs") ]
                  [ "like takes a prompt-able UNet", true ]
                  ""
          }

          test "the logit scale is fixed or learned, and the paper's is none" {
              let scales =
                  [ network { heads 8 }; network { logit_scale 8.0 }; network { learned_logit_scale true } ]
                  |> List.map (configuration >> fun own -> own.LogitScale, own.LearnedLogitScale)

              Expect.equal scales [ 1.0, false; 8.0, false; 1.0, true ] ""
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

          test "a block follows a recipe, and what it states itself overrides it in any order" {
              let short =
                  recipe {
                      epochs 6
                      batch_size 8
                      focal_loss { gamma 2.0 }
                      body_rate 1e-2
                  }

              let recipeOf stage = (adaptation stage).Recipe

              let before =
                  recipeOf (
                      fineTune backbone {
                          epochs 7
                          focal_loss { ratio_factor 0.5 }
                          follow short
                          target "bone"
                      }
                  )

              let after =
                  recipeOf (
                      fineTune backbone {
                          follow short
                          target "bone"
                          epochs 7
                          focal_loss { ratio_factor 0.5 }
                      }
                  )

              Expect.equal before after ""
              Expect.equal (before.Epochs, before.BatchSize, before.BodyRate) (7, 8, 1e-2) ""
              Expect.equal (before.FocalLoss.Gamma, before.FocalLoss.RatioFactor) (2.0, 0.5) ""
              let recommended = AdaptationOptions.Recommended(AdaptationVariant.FineTune, false)
              Expect.equal before.PromptRate recommended.Recipe.PromptRate "what neither states is the default"

              let prompted =
                  promptTune backbone {
                      follow short
                      target "bone"
                  }

              Expect.equal (found prompted) "" ""
              let rate = (recipeOf prompted).BodyRate
              Expect.equal rate TrainingRecipe.Adaptation.BodyRate "what acts on nothing here is not taken over"
          }

          test "recipes follow recipes, and a fault of one is told where it stands" {
              let first =
                  recipe {
                      epochs 0
                      batch_size 8
                  }

              let second =
                  recipe {
                      follow first
                      batch_size 4
                  }

              let tuned =
                  promptTune backbone {
                      target "bone"
                      follow second
                  }

              Expect.equal (adaptation tuned).Recipe.BatchSize 4 ""
              Expect.stringContains (found tuned) "epochs is 0; it must be at least 1" ""
              let position = tuned.Node.Problems.Head.Position
              Expect.isLessThan position.Line tuned.Node.Position.Line "in the recipe"
              Expect.isGreaterThan position.Column 0 ""
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

              Expect.equal settings.ActiveClasses (System.Nullable(struct (1, 2))) ""
              Expect.sequenceEqual settings.FrozenClasses [ "liver"; "spleen" ] ""
              let training = settings.Recipe
              Expect.equal (training.GradientClip, training.PromptRate) (0.5, 2e-3) ""
              Expect.equal (training.WeightDecay, training.CropsPerVolume, training.Seed) (0.1, 1, 9L) ""
              Expect.equal training.Precision ComputePrecision.Bfloat16 ""
          }

          test "a value is told where the last that gives it stands" {
              let first =
                  recipe {
                      epochs 400
                      prompt_rate 1e-2
                  }

              let second =
                  recipe {
                      follow first
                      epochs 0
                  }

              let tuned =
                  fineTune backbone {
                      follow second
                      target "bone"
                      rate -1.0
                  }

              let told = tuned.Node.Problems |> List.map (fun problem -> problem.Position.Line - tuned.Node.Position.Line, problem.What)
              Expect.contains told (3, "rate is -1") "the block's own word"
              Expect.contains told (-4, "epochs is 0") "the second recipe's line"
              Expect.hasLength told 2 ""
          }

          test "a rate for all is in a key as far as it acts" {
              let tuned way =
                  let (stage: Stage<Model>) = way
                  StageSpec.parameters stage.Node.Spec

              let byOne =
                  promptTune backbone {
                      target "bone"
                      rate 1e-2
                  }

              let byPrompts =
                  promptTune backbone {
                      target "bone"
                      prompt_rate 1e-2
                  }

              Expect.equal (tuned byOne) (tuned byPrompts) ""
          }

          test "what a recipe states twice, or by two words, is a fault of all that follow it" {
              let twice =
                  recipe {
                      epochs 3
                      epochs 5
                      rate 1e-2
                      body_rate 1e-3

                      focal_loss {
                          ratio_factor 0.1
                          class_weights [ 1.0; 1.0; 1.0; 1.0 ]
                      }
                  }

              let follower =
                  fineTune backbone {
                      follow (recipe { follow twice })
                      target "bone"
                  }

              let told = found follower

              for what in [ "epochs is given twice"; "body_rate and rate are both given"; "class_weights and ratio_factor are both given" ] do
                  Expect.stringContains told what ""
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
