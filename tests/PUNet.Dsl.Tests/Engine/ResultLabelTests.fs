/// How tables name what they hold.
module PUNet.Dsl.Tests.ResultLabelTests

open Expecto
open PUNet.Dsl
open PUNet.Dsl.Tests.ToyDeclarations

let private tune step =
    promptTune backbone {
        target "bone"
        prompt_rate step
    }

let private table (experiment: Experiment) =
    match List.last experiment.Outputs with
    | { Spec = Report settings } as node -> node.Label, [ for row in settings.Rows -> row.Variant, row.Repetition ]
    | other -> failtest $"{other}"

[<Tests>]
let tests =
    testList
        "names in tables"
        [ test "a mean over seeds carries the name of what is repeated, not that of one repetition" {
              let named =
                  experiment "named" {
                      evaluate ((tune 0.1).Named "slow")
                      seeds [ 1; 2; 3 ]
                  }

              Expect.equal (table named) ("table(named)", List.replicate 3 ("slow", Some 0)) ""
          }

          test "variants of one class differ in a table, those of different classes need not" {
              let rates =
                  experiment "rates" {
                      evaluate [ tune 0.1; tune 0.2 ]
                      evaluate (promptTune backbone { target "lungs" })
                  }

              Expect.equal
                  (snd (table rates) |> List.map fst)
                  [ "promptTune[prompt_rate=0.1]"; "promptTune[prompt_rate=0.2]"; "promptTune" ]
                  ""
          } ]
