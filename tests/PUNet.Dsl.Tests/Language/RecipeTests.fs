/// Groups of settings that trainings follow.
module PUNet.Dsl.Tests.RecipeTests

open Expecto
open PUNet.Core.Common
open PUNet.Core.Models.Adaptation
open PUNet.Core.Training.Options
open PUNet.Dsl
open PUNet.Dsl.Tests.DeclaredSettings
open PUNet.Dsl.Tests.ToyDeclarations

[<Tests>]
let recipes =
    testList
        "recipes"
        [ test "a block follows a recipe, and what it states itself overrides it in any order" {
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
          } ]
