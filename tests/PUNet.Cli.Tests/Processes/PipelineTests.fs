module PUNet.Cli.Tests.PipelineTests

open System.IO
open Expecto
open PUNet.Cli
open PUNet.Cli.Commands
open PUNet.Cli.Scripts
open PUNet.Dsl
open PUNet.Dsl.Engine

let private declarations =
    [| "#load \"punet.fsx\""
       "open PUNet.Core.Common"
       "open PUNet.Dsl"
       "let scans ="
       "    dataset \"phantoms\" {"
       "        source (phantoms { subjects 6 })"
       "        split { train 0.6; validation 0.2; test 0.2; seed 1 }"
       "    }"
       "let backbone = randomBackbone scans { seed 1 }"
       "let tune (organ: string) step = promptTune backbone { target organ; prompt_rate step }"
       "let steps = [ 1e-3; 1e-2 ]" |]

let private read (lines: string list) =
    use place = new Workplace()
    let script = place.Write("script.fsx", Array.append declarations (Array.ofList lines))

    match Declarations.read script [] with
    | Ok declared -> Ok declared
    | Error fault -> Error(fault.Lines |> List.map _.Replace(place.Root + string Path.DirectorySeparatorChar, ""))

let private expectOk result =
    match result with
    | Ok value -> value
    | Error fault -> failtest $"{fault}"

let private labels (declared: Declarations) = declared.Graph.Nodes |> List.map _.Label

/// Goes on with a value for every figure that is waited for.
let private goOn (declared: Declarations) (value: Awaited -> float) =
    match Declarations.goOn (ScriptHost.guard declared.Script) (value >> Some) declared with
    | Ok(Some further) -> further
    | Ok None -> failtest "something was waited for"
    | Error problems -> failtest $"{problems}"

let private rateOf (awaited: Awaited) =
    match StageNode.input "model" awaited.Stage with
    | Some { Spec = Adapt settings } -> settings.Recipe.PromptRate
    | other -> failtest $"{other}"

[<Tests>]
let tests =
    testSequenced
    <| testList
        "pipelines"
        [ test "what follows a value is declared once it is known, and not before" {
              let declared =
                  read
                      [ "pipeline {"
                        "    let! chosen = best [ for step in steps -> tune \"liver\" step ]"
                        "    return experiment \"one\" { evaluate [ chosen ] }"
                        "}" ]
                  |> expectOk

              Expect.isEmpty declared.Experiments "nothing yet"
              Expect.hasLength declared.Waiting 1 ""
              Expect.contains (labels declared) "validation(promptTune(liver)[prompt_rate=0.01])" "what is waited for runs"
              let further = goOn declared rateOf
              Expect.equal (further.Experiments |> List.map _.Name) [ "one" ] ""
              Expect.isEmpty further.Waiting ""
              Expect.contains (labels further) "evaluate(promptTune(liver)[prompt_rate=0.01])" "the better one"
              Expect.isFalse (List.contains "evaluate(promptTune(liver)[prompt_rate=0.001])" (labels further)) "and only that"
              let other = goOn declared (rateOf >> (~-))
              Expect.contains (labels other) "evaluate(promptTune(liver)[prompt_rate=0.001])" "with other values another one"
          }

          test "values joined by and! are waited for at once, those of a second let! one after the other" {
              let joined =
                  read
                      [ "pipeline {"
                        "    let! a = validationDice (tune \"liver\" 1e-3)"
                        "    and! b = validationDice (tune \"spleen\" 1e-3)"
                        "    if a + b > 1.0 then return experiment \"high\" { evaluate (tune \"liver\" 1e-3) }"
                        "    else return experiment \"low\" { evaluate (tune \"spleen\" 1e-3) }"
                        "}" ]
                  |> expectOk

              Expect.hasLength joined.Waiting.Head.Awaited 2 ""
              Expect.equal ((goOn joined (fun _ -> 50.0)).Experiments |> List.map _.Name) [ "high" ] ""
              Expect.equal ((goOn joined (fun _ -> 0.0)).Experiments |> List.map _.Name) [ "low" ] ""

              let sequence =
                  read
                      [ "pipeline {"
                        "    let! a = validationDice (tune \"liver\" 1e-3)"
                        "    let! b = validationDice (tune \"spleen\" (a / 1000.0))"
                        "    return experiment $\"dice {b}\" { evaluate backbone2 }"
                        "}" ]

              Expect.isError sequence "a fault in the last part is one of the script"

              let sequence =
                  read
                      [ "pipeline {"
                        "    let! a = validationDice (tune \"liver\" 1e-3)"
                        "    let! b = validationDice (tune \"spleen\" (a / 1000.0))"
                        "    return experiment $\"dice {b}\" { evaluate (tune \"spleen\" 1e-3) }"
                        "}" ]
                  |> expectOk

              Expect.hasLength sequence.Waiting.Head.Awaited 1 "the first"
              let second = goOn sequence (fun _ -> 20.0)
              Expect.hasLength second.Waiting.Head.Awaited 1 "then the second"
              Expect.equal (rateOf second.Waiting.Head.Awaited.Head) 0.02 "made with the value of the first"
              Expect.equal ((goOn second (fun _ -> 30.0)).Experiments |> List.map _.Name) [ "dice 30" ] ""
          }

          test "the first of equals is chosen, and the tie is told" {
              let declared =
                  read
                      [ "pipeline {"
                        "    let! chosen = best [ for step in steps @ [ 1e-1 ] -> tune \"liver\" step ]"
                        "    return experiment \"one\" { evaluate [ chosen ] }"
                        "}" ]
                  |> expectOk

              let further = goOn declared (fun awaited -> if rateOf awaited > 1e-2 then 0.0 else 20.0)
              Expect.contains (labels further) "evaluate(promptTune(liver)[prompt_rate=0.001])" ""
              let names = "promptTune(liver)[prompt_rate=0.001], promptTune(liver)[prompt_rate=0.01]"
              Expect.equal further.Remarks [ $"best: 2 candidates have the same mean Dice, 20.0 %%: {names}; the first is taken" ] ""
              Expect.isEmpty (goOn declared rateOf).Remarks "no tie"
          }

          test "test subjects may not choose" {
              match read [ "pipeline {"; "    let! a = meanDice Part.Test (tune \"liver\" 1e-3)"; "    return a"; "}" ] with
              | Ok _ -> failtest "test subjects choose"
              | Error lines ->
                  Expect.hasLength lines 1 ""
                  Expect.stringContains lines.Head "test subjects would choose promptTune(liver)" ""
          }

          test "faults of a part are told when it is declared, with their places" {
              let declared =
                  read
                      [ "pipeline {"
                        "    let! a = validationDice (tune \"liver\" 1e-3)"
                        "    return experiment \"one\" { evaluate (tune \"livre\" a) }"
                        "}" ]
                  |> expectOk

              match Declarations.goOn (ScriptHost.guard declared.Script) (fun _ -> Some 1.0) declared with
              | Ok _ -> failtest "there is no class livre"
              | Error problems -> Expect.stringContains $"{problems}" "did you mean \"liver\"?" ""
          }

          test "a script's arguments are listed with their kinds and defaults" {
              use place = new Workplace()

              let script =
                  place.Write(
                      "script.fsx",
                      Array.append
                          declarations
                          [| "experiment (argument \"name\" \"one\") { evaluate (tune \"liver\" (argument \"step\" 0.5)) }" |]
                  )

              Expect.equal
                  (ScriptCommand.argumentsOf script |> List.tail)
                  [ "    name  text, one where not given"; "    step  a number, 0.5 where not given" ]
                  ""
          } ]
