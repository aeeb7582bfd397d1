/// What cannot be combined.
module PUNet.Dsl.Tests.CombinationTests

open Expecto
open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Core.Blocks.Prompts
open PUNet.Core.Models
open PUNet.Dsl
open PUNet.Dsl.Tests.ToyDeclarations

let private learnedBy declared =
    pretrain scans {
        network declared
        supervise organs.Base
    }

let private untrained = randomBackbone scans { seed 2 }

let private refused name (stage: Stage<'T>) (what: string) = test name { Expect.stringContains (found stage) what "" }

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
              "bottlenecks that do not divide the channels"
              (tuneBottlenecks (
                  learnedBy (
                      network {
                          channels [ 6; 6; 6; 6; 6 ]
                          heads 2
                      }
                  )
              ) {
                  target "bone"
              })
              "bottlenecks reduce channels by 4"

          refused
              "updates of a higher rank than the matrices"
              (tuneLowRank (
                  learnedBy (
                      network {
                          channels [ 6; 6; 6; 6; 6 ]
                          heads 2
                      }
                  )
              ) {
                  target "bone"
                  rank 7
              })
              "rank (7) must not exceed channels (6)"

          refused
              "a rank where nothing has one"
              (tuneBottlenecks backbone {
                  target "bone"
                  rank 2
              })
              "rank has no effect here; tuneBottlenecks has no low-rank updates"

          refused
              "a segmentation loss without labels"
              (pretrain scans {
                  self_supervise cpa
                  focal_loss { gamma 2.0 }
              })
              "focal_loss has no effect here"

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
                  focal_loss { class_weights [ 1.0 ] }
              })
              "it has one number for every class (4)"

          refused
              "weights that are given and come from the dataset"
              (pretrain scans {
                  supervise organs.Base

                  focal_loss {
                      class_weights [ 1.0; 1.0; 1.0; 1.0 ]
                      ratio_factor 0.1
                  }
              })
              "class_weights and ratio_factor are both given"

          refused
              "a temperature of nothing"
              (pretrain scans { self_supervise (cpa { teacher_temperature 0.0 }) })
              "teacher_temperature is 0; it must be at least 0.0001"

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
