/// Every option of the network as a keyword.
module PUNet.Dsl.Tests.NetworkOptionTests

open Expecto
open PUNet.Core.Common
open PUNet.Dsl
open PUNet.Dsl.Tests.DeclaredSettings
open PUNet.Dsl.Tests.ToyDeclarations

[<Tests>]
let options =
    testList
        "options of the network"
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
          } ]
