module PUNet.Cli.Tests.CommandLineTests

open Argu
open Expecto
open PUNet.Cli
open PUNet.Cli.CommandLine

let private fault result =
    match result with
    | Ok _ -> failtest "the words are valid"
    | Error(fault: Fault) -> String.concat "\n" fault.Lines

[<Tests>]
let tests =
    testList
        "command line"
        [ test "the declarations of all arguments are sound" {
              ArgumentParser<RunArguments>.CheckStructure()
              ArgumentParser<GcArguments>.CheckStructure()
              ArgumentParser<GraphArguments>.CheckStructure()
              ArgumentParser<InfoArguments>.CheckStructure()
              ArgumentParser<StoreArguments>.CheckStructure()
              ArgumentParser<DataArguments>.CheckStructure()
          }

          test "options may stand before and behind the script" {
              match CommandLine.read<RunArguments> "run" [ "--force"; "a"; "x.fsx"; "N=1"; "--json"; "--force"; "b" ] with
              | Ok arguments ->
                  Expect.equal (arguments.GetResult RunArguments.Script) [ "x.fsx"; "N=1" ] ""
                  Expect.equal (arguments.GetResults RunArguments.Force) [ "a"; "b" ] ""
                  Expect.isTrue (arguments.Contains RunArguments.Json) ""
              | Error fault -> failtest (String.concat "\n" fault.Lines)
          }

          test "an unknown option is one line with the nearest name" {
              let line = fault (CommandLine.read<RunArguments> "run" [ "x.fsx"; "--jsn" ])
              Expect.stringContains line "run has no option --jsn; did you mean \"--json\"?" ""
              Expect.isFalse (line.Contains '\n') ""
          }

          test "an option without its value is one line" {
              let line = fault (CommandLine.read<RunArguments> "run" [ "x.fsx"; "--store" ])
              Expect.stringContains line "run has an option --store, which needs a value" ""
              Expect.isFalse (line.Contains '\n') ""
          }

          test "a script is needed, and only NAME=VALUE may follow it" {
              Expect.stringContains (fault (ScriptWords.read "run" [])) "run needs a script" ""
              Expect.stringContains (fault (ScriptWords.read "run" [ "a.fsx"; "b.fsx" ])) "as NAME=VALUE; given: b.fsx" ""
              Expect.equal (ScriptWords.read "run" [ "a.fsx"; "n=1=2"; "m=" ]) (Ok("a.fsx", [ "n", "1=2"; "m", "" ])) ""
          }

          test "an argument of a script is given once" {
              Expect.stringContains
                  (fault (ScriptWords.read "run" [ "a.fsx"; "epochs=1"; "seed=2"; "epochs=2" ]))
                  "the argument epochs is given 2 times; each is given once"
                  ""
          }

          test "no option of any command takes an empty value, or another option as its value" {
              let refused (read: string list -> Result<'Arguments, Fault>) (words: string list) =
                  match read words with
                  | Ok _ -> failtest $"{words}"
                  | Error fault -> Expect.stringContains (String.concat "" fault.Lines) "needs a value; given: " $"{words}"

              for value in [ ""; " "; "--json" ] do
                  for option in [ "--store"; "--data"; "--device"; "--force"; "--determinism"; "--jobs" ] do
                      refused (CommandLine.read<RunArguments> "run") [ "x.fsx"; option; value ]

              refused (CommandLine.read<StoreArguments> "verify") [ "--store"; "" ]
              refused (CommandLine.read<GcArguments> "gc") [ "--max-size"; "" ]
              refused (CommandLine.read<DataArguments> "data") [ "check"; "x"; "--layout"; "" ]
              Expect.stringContains (fault (CommandLine.read<RunArguments> "run" [ "" ])) "an empty word" ""
          } ]
