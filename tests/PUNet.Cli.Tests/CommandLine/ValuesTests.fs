module PUNet.Cli.Tests.ValuesTests

open Expecto
open PUNet.Cli
open PUNet.Cli.CommandLine
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation

let private fault result =
    match result with
    | Ok value -> failtest $"{value} was understood"
    | Error(fault: Fault) -> String.concat "\n" fault.Lines

[<Tests>]
let tests =
    testList
        "values of options"
        [ test "extents, ranges and lists are read whatever the culture" {
              Expect.equal (Values.extent "--patch" "224, 224,1") (Ok(Extent(224, 224, 1))) ""
              Expect.equal (Values.range "--window" "-160.5,240") (Ok(struct (-160.5, 240.0))) ""
              Expect.equal (Values.names "left kidney, 5,,bone") [ "left kidney"; "5"; "bone" ] ""

              for text in [ "224,224"; "224,224,0"; "a,b,c"; "-1,2,3" ] do
                  Expect.stringContains
                      (fault (Values.extent "--patch" text))
                      $"--patch takes three sizes in voxels, for example 224,224,1; given: {text}"
                      ""

              for text in [ "5"; "5,5"; "nan,5"; "-infinity,5" ] do
                  Expect.stringContains (fault (Values.range "--window" text)) $"given: {text}" ""
          }

          test "a case is written with hyphens, and a mistyped one is told its nearest" {
              Expect.equal
                  (Values.case<AdaptationVariant> "--variant" "tuneBiasesAndPrompts")
                  (Ok AdaptationVariant.TuneBiasesAndPrompts)
                  ""

              Expect.equal
                  (Values.case<AdaptationVariant> "--variant" "Tune_Biases_And_Prompts")
                  (Ok AdaptationVariant.TuneBiasesAndPrompts)
                  ""

              Expect.stringContains (fault (Values.case<AdaptationVariant> "--variant" "promptTuned")) "did you mean \"promptTune\"?" ""
          }

          test "a command of one word takes exactly one" {
              Expect.equal (OneWord.read Commands.import [ "12ab" ]) (Ok "12ab") ""

              Expect.stringContains
                  (fault (OneWord.read Commands.import []))
                  "import needs something to work on: punet import FILE -o DIR"
                  ""

              Expect.stringContains (fault (OneWord.read Commands.import [ "a"; "b" ])) "takes one word, not 2" ""
          } ]
