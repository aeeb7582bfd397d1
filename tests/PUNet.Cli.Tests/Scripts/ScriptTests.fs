module PUNet.Cli.Tests.ScriptTests

open System.IO
open Expecto
open PUNet.Cli
open PUNet.Cli.Commands

let private valid =
    [| "#load \"punet.fsx\""
       "open PUNet.Dsl"
       "let scans ="
       "    dataset \"phantoms\" {"
       "        source (phantoms { subjects 6 })"
       "        split { train 0.6; validation 0.2; test 0.2; seed 1 }"
       "    }"
       "let organs = classSplit scans { base_classes [ \"liver\" ]; novel_classes [ \"spleen\" ] }"
       "let backbone = pretrain scans { supervise organs.Base; epochs (argument \"epochs\" 2) }"
       "experiment \"one\" { evaluate backbone }" |]

let private replace (line: int) text = valid |> Array.mapi (fun i former -> if i + 1 = line then text else former)

/// Position without the folder, and the rest of the line.
let private faults lines given =
    use place = new Workplace()
    let script = place.Write("script.fsx", lines)

    match Declarations.read script given with
    | Ok _ -> failtest "the script has no fault"
    | Error fault -> fault.Lines |> List.map _.Replace(place.Root + string Path.DirectorySeparatorChar, "")

let private fault lines = String.concat "\n" (faults lines [])

[<Tests>]
let tests =
    testSequenced
    <| testList
        "scripts"
        [ test "an experiment without a name is found, with its stages" {
              use place = new Workplace()
              let script = place.Write("script.fsx", valid)

              match Declarations.read script [] with
              | Ok declared ->
                  Expect.equal (declared.Experiments |> List.map _.Name) [ "one" ] ""
                  Expect.isSome (declared.Graph.TryLabel "pretrain") ""
              | Error fault -> failtest (String.concat "\n" fault.Lines)
          }

          test "several experiments are found in order, one of them in a list" {
              use place = new Workplace()

              let more = "let more = [ for i in 2 .. 3 -> experiment $\"e{i}\" { evaluate backbone } ]"

              let script = place.Write("script.fsx", Array.append valid [| more |])

              match Declarations.read script [] with
              | Ok declared -> Expect.equal (declared.Experiments |> List.map _.Name) [ "one"; "e2"; "e3" ] ""
              | Error fault -> failtest (String.concat "\n" fault.Lines)
          }

          test "a mistyped keyword is named with its place and the nearest one, and nothing else is said" {
              Expect.equal
                  (faults (replace 9 "let backbone = pretrain scans { supervise organs.Base; epoch 2 }") [])
                  [ "script.fsx(9,56): 'epoch' is no keyword of pretrain { }; did you mean \"epochs\"?" ]
                  ""
          }

          test "all mistyped keywords are told at once" {
              let lines = replace 9 "let backbone = pretrain scans { supervize organs.Base; epochs 2 }"

              let lines = lines |> Array.mapi (fun i line -> if i = 5 then line.Replace("train", "trian") else line)

              let found = faults lines []
              Expect.hasLength found 2 ""
              Expect.stringContains found[0] "script.fsx(6,17): 'trian' is no keyword of split { }; did you mean \"train\"?" ""
              Expect.stringContains found[1] "script.fsx(9,33): 'supervize' is no keyword of pretrain { }; did you mean \"supervise\"?" ""
          }

          test "a keyword with a wrong argument is told what it takes" {
              let found = fault (replace 9 "let backbone = pretrain scans { supervise 3; epochs 2 }")

              Expect.equal
                  found
                  "script.fsx(9,33): 'supervise' takes classes of a classSplit, for example organs.Base, \
                   or a class of a classSplit, or a list of texts in quotes, [ \"liver\"; \"spleen\" ], or a text in quotes; \
                   given: a whole number"
                  ""
          }

          test "a loop in a block is told to stand outside" {
              let found = fault (replace 9 "let backbone = pretrain scans {\n    supervise organs.Base\n    if true then epochs 2 }")

              Expect.stringContains found "choose before the block, or write the if inside a keyword's argument" ""
          }

          test "faults of the language come with their places, all at once" {
              let lines =
                  replace 8 "let organs = classSplit scans { base_classes [ \"livre\"; \"stomach\" ]; novel_classes [ \"spleen\" ] }"

              let lines = lines |> Array.mapi (fun i line -> if i = 5 then line.Replace("train 0.6", "train 0.7") else line)

              let found = faults lines []
              Expect.hasLength found 2 ""
              Expect.stringStarts found[0] "script.fsx(6" ""
              Expect.stringContains found[0] "the split does not sum to 1" ""
              Expect.stringStarts found[1] "script.fsx(8," ""
              Expect.stringContains found[1] "did you mean \"liver\"?" ""
          }

          test "a script that stops with an error tells its line in one message" {
              let lines = Array.append valid [| "let inner () ="; "    failwith \"out of cheese\""; "inner ()" |]

              let found = fault lines
              Expect.stringStarts found "script.fsx(12," ""
              Expect.stringEnds found "the script stopped with an error: out of cheese" ""
          }

          test "a fault in a loaded file is told with that file" {
              use place = new Workplace()
              place.Write("shared.fsx", "let x: int = \"a\"") |> ignore

              let script = place.Write("script.fsx", Array.append [| "#load \"shared.fsx\"" |] valid)

              match Declarations.read script [] with
              | Ok _ -> failtest "the script has no fault"
              | Error fault -> Expect.stringContains (String.concat "\n" fault.Lines) "shared.fsx(1,14): " ""
          }

          test "an argument replaces its fallback" {
              use place = new Workplace()

              let script = place.Write("script.fsx", Array.append valid [| "if argument \"epochs\" 2 <> 7 then failwith \"not given\"" |])

              Expect.isOk (Declarations.read script [ "epochs", "7" ]) ""
          }

          test "an argument of another kind and one that the script does not take are faults" {
              Expect.stringContains
                  (String.concat "" (faults valid [ "epochs", "many" ]))
                  "the argument epochs is a whole number; given: many"
                  ""

              Expect.equal
                  (faults valid [ "epohcs", "3" ])
                  [ "script.fsx(1,1): the script takes no argument epohcs; did you mean \"epochs\"?" ]
                  ""
          }

          test "a script without an experiment and a missing script are faults" {
              Expect.equal
                  (faults [| "let x = 1" |] [])
                  [ "script.fsx(1,1): the script declares no experiment; end it with experiment \"name\" { … }" ]
                  ""

              match Declarations.read "/no/such.fsx" [] with
              | Error fault -> Expect.equal fault.Lines [ "/no/such.fsx(1,1): there is no such script" ] ""
              | Ok _ -> failtest "there is no such script"
          }

          test "a script that ends itself is told at that line" {
              let found = fault (Array.append [| valid[0]; valid[1]; "exit 0" |] valid[2..])
              Expect.stringStarts found "script.fsx(3," ""
              Expect.stringContains found "exit 0 would end the process before anything runs" ""
          }

          test "the compiler's own words are kept for those who ask" {
              use place = new Workplace()
              let script = place.Write("script.fsx", replace 9 "let backbone = pretrain scans { supervise organs.Base; epoch 2 }")

              match Declarations.read script [] with
              | Ok _ -> failtest "the script has no fault"
              | Error fault ->
                  Expect.hasLength fault.Lines 1 ""
                  Expect.hasLength fault.AllLines 2 ""
                  Expect.stringContains fault.AllLines[1] "the compiler: The value or constructor 'epoch' is not defined" ""
          } ]
