module PUNet.Cli.Tests.DirectiveTests

open System.IO
open Expecto
open PUNet.Cli.Scripts

let private read (text: string) = Directive.read (Set.ofList [ "PUNET" ]) (text.Split '\n')

[<Tests>]
let tests =
    testList
        "directives"
        [ test "loads are found in order, several on a line" {
              Expect.equal
                  (read "#load \"a.fsx\"\nlet x = 1\n #load \"b.fsx\" \"c.fsx\"")
                  [ Load [ "a.fsx" ]; Load [ "b.fsx"; "c.fsx" ] ]
                  ""
          }

          test "a reference in the branch that is not taken does not count" {
              Expect.equal (read "#if !PUNET\n#r \"x.dll\"\n#else\n#load \"a.fsx\"\n#endif") [ Load [ "a.fsx" ] ] ""
          }

          test "a reference in the branch that is taken counts" {
              Expect.equal (read "#if PUNET && !OTHER\n#r \"nuget: X, 1.0\"\n#endif") [ Reference "nuget: X, 1.0" ] ""
          }

          test "what stands in a nested branch counts only if all its branches are taken" {
              Expect.equal (read "#if OTHER\n#if PUNET\n#load \"a.fsx\"\n#endif\n#endif\n#load \"b.fsx\"") [ Load [ "b.fsx" ] ] ""
          }

          test "conditions know not, and, or, and parentheses" {
              let holds = Directive.holds (Set.ofList [ "A"; "B" ])
              Expect.isTrue (holds "A && (C || B)") ""
              Expect.isFalse (holds "A && !(C || B)") ""
              Expect.isTrue (holds "C && A || B // why") ""
              Expect.isTrue (holds "!C") ""
          }

          test "a script's files come with what they load, each once, loaded files first" {
              use place = new Workplace()
              let deep = place.Write("deep.fsx", "let deep = 1")
              let shared = place.Write("shared.fsx", "#load \"deep.fsx\"")

              let script = place.Write("script.fsx", "#load \"shared.fsx\"", "#load \"deep.fsx\"", "#load \"missing.fsx\"")

              let files = ScriptFiles.read script
              Expect.equal (List.map fst files.Sources) [ deep; shared; script ] ""
              Expect.isFalse files.NeedsSession ""
          }

          test "a script that asks for a package needs a session, even where a loaded file asks" {
              use place = new Workplace()
              place.Write("shared.fsx", "#r \"nuget: X\"") |> ignore
              let script = place.Write("script.fsx", "#load \"shared.fsx\"")
              Expect.isTrue (ScriptFiles.read script).NeedsSession ""
          }

          test "the key of a script changes with a loaded file and with the flags, and not with the time of the files" {
              use place = new Workplace()
              let shared = place.Write("shared.fsx", "let x = 1")
              let script = place.Write("script.fsx", "#load \"shared.fsx\"")

              let key flags = ScriptCache.key flags (ScriptFiles.read script)

              let before = key [ "-a" ]
              File.SetLastWriteTimeUtc(shared, System.DateTime.UnixEpoch)
              Expect.equal (key [ "-a" ]) before "time"
              Expect.notEqual (key [ "-b" ]) before "flags"
              place.Write("shared.fsx", "let x = 2") |> ignore
              Expect.notEqual (key [ "-a" ]) before "loaded file"
          } ]
