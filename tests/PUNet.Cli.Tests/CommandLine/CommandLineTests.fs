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
        [ test "the declarations of all arguments are sound" { ArgumentParser<CommandOption>.CheckStructure() }

          test "options may stand before and behind the script" {
              match CommandLine.read Commands.run [ "--force"; "a"; "x.fsx"; "N=1"; "--json"; "--force"; "b" ] with
              | Ok given ->
                  Expect.equal given.Words [ "x.fsx"; "N=1" ] ""
                  Expect.equal (given.Options.GetResults CommandOption.Force) [ "a"; "b" ] ""
                  Expect.isTrue (given.Options.Contains CommandOption.Json) ""
              | Error fault -> failtest (String.concat "\n" fault.Lines)
          }

          test "an unknown option is one line with the nearest name" {
              let line = fault (CommandLine.read Commands.run [ "x.fsx"; "--jsn" ])
              Expect.stringContains line "run has no option --jsn; did you mean \"--json\"?" ""
              Expect.isFalse (line.Contains '\n') ""
          }

          test "an option without its value is one line" {
              let line = fault (CommandLine.read Commands.run [ "x.fsx"; "--store" ])
              Expect.stringContains line "run has an option --store, which needs a value" ""
              Expect.isFalse (line.Contains '\n') ""
          }

          test "a script is needed, and only NAME=VALUE may follow it" {
              Expect.stringContains (fault (ScriptWords.read Commands.run [])) "run needs a script" ""
              Expect.stringContains (fault (ScriptWords.read Commands.run [ "a.fsx"; "b.fsx" ])) "as NAME=VALUE; given: b.fsx" ""
              Expect.equal (ScriptWords.read Commands.run [ "a.fsx"; "n=1=2"; "m=" ]) (Ok("a.fsx", [ "n", "1=2"; "m", "" ])) ""
          }

          test "an argument of a script is given once" {
              Expect.stringContains
                  (fault (ScriptWords.read Commands.run [ "a.fsx"; "epochs=1"; "seed=2"; "epochs=2" ]))
                  "the argument epochs is given 2 times; each is given once"
                  ""
          }

          test "no option of any command takes an empty value, or another option as its value" {
              let refused (command: Command) (words: string list) =
                  Expect.stringContains (fault (CommandLine.read command words)) "needs a value; given: " $"{words}"

              for value in [ ""; " "; "--json" ] do
                  for option in [ "--store"; "--data"; "--device"; "--force"; "--determinism"; "--jobs" ] do
                      refused Commands.run [ "x.fsx"; option; value ]

              refused Commands.verify [ "--store"; "" ]
              refused Commands.gc [ "--max-size"; "" ]
              refused Commands.data [ "check"; "x"; "--layout"; "" ]
              Expect.stringContains (fault (CommandLine.read Commands.run [ "" ])) "an empty word" ""
          }

          test "an option of a sister command is refused with the command that takes it, or with the reason" {
              let refused command words line = Expect.equal (fault (CommandLine.read command words)) $"punet: {line}" ""
              refused Commands.plan [ "x.fsx"; "--plan-only" ] "plan takes no --plan-only; `punet run` does"
              refused Commands.explain [ "x.fsx"; "--share-with-group" ] "explain takes no --share-with-group; `punet run` does"
              refused Commands.run [ "--exit-code"; "x.fsx" ] "run takes no --exit-code; `punet plan` does"
              refused Commands.run [ "x.fsx"; "-o"; "page.html" ] "run takes no --output; `punet report` does"
              refused Commands.report [ "x.fsx"; "--exit-code" ] "report takes no --exit-code; `punet plan` does"

              for option in [ "--force"; "--jobs" ] do
                  refused Commands.report [ "x.fsx"; option; "1" ] $"report takes no {option}: it writes what is in the store"
          }

          test "a command that works on no words takes none" {
              for command in [ Commands.gc; Commands.info; Commands.runs ] do
                  Expect.stringContains (fault (CommandLine.read command [ "x" ])) $"{command.Name}: unrecognized argument: 'x'" ""
          }

          test "an option that is given once at most, and a value that is no number, are one line" {
              for words in [ [ "--store"; "a"; "--store"; "b" ]; [ "--jobs"; "two" ] ] do
                  let line = fault (CommandLine.read Commands.run ("x.fsx" :: words))
                  Expect.stringContains line words.Head ""
                  Expect.isFalse (line.Contains '\n') ""
          }

          test "what is typed again in a shell gives the same words" {
              let words = [ "run"; "my data/x.fsx"; "--force"; "promptTune(liver)[prompt_rate=0.01]"; "it's"; ""; "$HOME"; "a=1,b" ]
              let ended = ProgramUnderTest.execute "." "sh" [ "-c"; "punet() { printf '%s\\n' \"$@\"; }; " + Help.typed words ]
              Expect.equal ended.Output (String.concat "" [ for word in words -> word + "\n" ]) ""
          } ]
