/// What a person can get wrong ends with code 2 and says so in few words.
module PUNet.Cli.Tests.MistakeProcessTests

open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Cli.Tests.TinyScript

[<Tests>]
let tests =
    testSequenced
    <| testList
        "mistakes as processes"
        [ test "a command, an option or a script that does not exist ends with one line and code 2" {
              use place = new Workplace()

              for words in [ [ "rnu" ]; [ "run"; "x.fsx"; "--forc" ]; [ "run"; "none.fsx" ]; [ "run" ]; [ "show"; "12" ] ] do
                  let ended = punet place.Root words
                  Expect.equal ended.Code 2 (string words)
                  Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
                  Expect.equal ended.Output "" ""
          }

          test "a broken script ends with code 2 and its faults as JSON lines where asked" {
              use place = new Workplace()

              let path = place.Write("bad.fsx", "open PUNet.Dsl", "let x: int = \"a\"", "let y = nothing")

              let ended = punet place.Root [ "run"; path; "--json" ]
              Expect.equal ended.Code 2 ""
              Expect.equal (events ended) [ "problem"; "problem" ] ""
              use second = JsonDocument.Parse ended.Lines[1]
              Expect.equal (second.RootElement.GetProperty("line").GetInt32()) 3 ""
              Expect.equal (second.RootElement.GetProperty("column").GetInt32()) 9 ""
          }

          test "what the command line cannot mean ends with one line and code 2" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script 6)
              let file = place.Write("file", "no folder")

              for words in
                  [ [ "--store"; "" ]
                    [ "--data"; "" ]
                    [ "--store"; file ]
                    [ "--jobs"; "0" ]
                    [ "--jobs"; "many" ]
                    [ "--force"; "promptTun(liver)" ]
                    [ "--device"; "tpu" ]
                    [ "--determinism"; "some" ]
                    [ "epochs=1"; "epochs=2" ]
                    [ "epochs=1e99" ] ] do
                  let ended = punet place.Root ("run" :: path :: words)
                  Expect.equal ended.Code 2 $"{words}: {ended.Error}"
                  Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
                  Expect.equal ended.Output "" ""
          }

          test "a script that ends the process is told, with code 2" {
              use place = new Workplace()
              let lines = script 6

              for ending in [ "System.Environment.Exit 0"; "Microsoft.FSharp.Core.Operators.exit 0"; "exit 0" ] do
                  let path = place.Write("ends.fsx", Array.append lines[..1] (Array.append [| ending |] lines[2..]))

                  for json in [ []; [ "--json" ] ] do
                      let ended = punet place.Root ([ "run"; path ] @ json)
                      Expect.equal ended.Code 2 $"{ending}: {ended.Error}"
                      Expect.stringContains (if json.IsEmpty then ended.Error else ended.Output) "the process" ending

                      if not json.IsEmpty then
                          Expect.equal (events ended) [ "problem" ] ""
          }

          test "a store that cannot be made is one line and code 2" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script 6)
              let store = Path.Combine(place.Write("a file"), "store")
              let ended = punet place.Root [ "run"; path; "--store"; store ]
              Expect.equal ended.Code 2 ended.Error
              Expect.stringContains ended.Error $"the store {store} cannot be used" ""
              Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
          } ]
