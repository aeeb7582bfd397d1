/// Files that a script brings in: a change of any of them is seen, in whatever way it is written.
module PUNet.Cli.Tests.DirectiveTests

open System
open System.IO
open Expecto
open PUNet.Cli
open PUNet.Cli.Commands
open PUNet.Cli.Scripts

/// The only experiment's name, which says what the script read.
let private named (script: string) =
    match Declarations.read script [] with
    | Ok declared -> declared.Experiments |> List.map _.Name |> String.concat ", "
    | Error fault -> failtest (String.concat "\n" fault.Lines)

let private isKept script =
    match ScriptCache.find script with
    | ScriptCache.Ready _ -> true
    | ScriptCache.Missing
    | ScriptCache.Unfit _ -> false

let private experiment name =
    [| "open PUNet.Dsl"
       "let scans = dataset \"d\" { source (phantoms { subjects 6 }) }"
       $"experiment ({name}) {{ evaluate (pretrain scans {{ supervise [ \"liver\" ] }}) }}" |]

let private helper (name: string) = [| $"let name = \"{name}\"" |]

/// How the file is brought in, with what stands above the experiment; the helper is helper.fsx.
let private ways =
    [ "as usual", [ "#load \"helper.fsx\"" ]
      "with a blank behind #", [ "# load \"helper.fsx\"" ]
      "with the file on the next line", [ "#load"; "    \"helper.fsx\"" ]
      "with several files on one line", [ "#load \"other.fsx\" \"helper.fsx\"" ]
      "in a condition that holds", [ "#if PUNET && !OTHER"; "#load \"helper.fsx\""; "#else"; "#load \"nowhere.fsx\""; "#endif" ]
      "in a condition of compiled scripts", [ "#if COMPILED"; "#load \"helper.fsx\""; "#endif" ]
      "as a verbatim text", [ "#load @\"helper.fsx\"" ]
      "as a text in three quotes", [ "#load \"\"\"helper.fsx\"\"\"" ]
      "from a folder that #I names", [ "#I \"folder\""; "#load \"helper.fsx\"" ]
      "by a file that is brought in itself", [ "#load \"between.fsx\"" ] ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "directives"
        [ for what, lines in ways do
              test $"an edit of a file that is loaded {what} is seen" {
                  use place = new Workplace()
                  place.Write("other.fsx", "let other = 1") |> ignore
                  place.Write("between.fsx", "#load \"helper.fsx\"", "let name = Helper.name") |> ignore
                  let path = place.Write("helper.fsx", helper "one")
                  let owner = if List.contains "#load \"between.fsx\"" lines then "Between" else "Helper"
                  let script = place.Write("script.fsx", Array.append (Array.ofList lines) (experiment $"{owner}.name"))
                  Expect.equal (named script) "one" ""
                  Expect.isTrue (isKept script) "it is kept"
                  File.WriteAllLines(path, helper "two")
                  Expect.isFalse (isKept script) "it is no longer what it was made from"
                  Expect.equal (named script) "two" ""
                  File.WriteAllLines(path, helper "one")
                  Expect.isTrue (isKept script) "the earlier one serves again"
                  Expect.equal (named script) "one" ""
              }

          test "a file that appears where the compiler looks first is seen" {
              use place = new Workplace()
              let script = place.Write("script.fsx", Array.append [| "#I \"first\""; "#load \"helper.fsx\"" |] (experiment "Helper.name"))
              place.Write("helper.fsx", helper "one") |> ignore
              Directory.CreateDirectory(Path.Combine(place.Root, "first")) |> ignore
              Expect.equal (named script) "one" ""
              place.Write("first/helper.fsx", helper "two") |> ignore
              Expect.equal (named script) "two" ""
          }

          test "what only looks like a directive is none" {
              use place = new Workplace()
              let path = place.Write("helper.fsx", helper "one")

              let lines =
                  [| "let text = \"\"\""
                     "#load \"helper.fsx\""
                     "\"\"\""
                     "(*"
                     "#load \"helper.fsx\""
                     "#r \"nuget: Nothing\""
                     "*)"
                     "// #load \"helper.fsx\"" |]

              let script = place.Write("script.fsx", Array.append lines (experiment "\"plain\""))
              Expect.equal (named script) "plain" ""
              File.WriteAllLines(path, helper "two")
              Expect.isTrue (isKept script) "it is still what it was made from"
          }

          test "the time of a file does not count, and a damaged library is made again" {
              use place = new Workplace()
              let script = place.Write("script.fsx", experiment "\"one\"")
              Expect.equal (named script) "one" ""
              File.SetLastWriteTimeUtc(script, DateTime.UnixEpoch)

              match ScriptCache.find script with
              | ScriptCache.Ready(Some library) ->
                  File.WriteAllBytes(library, File.ReadAllBytes(library)[..200])
                  Expect.isFalse (isKept script) ""
              | other -> failtest $"{other}"

              Expect.equal (named script) "one" ""
          }

          test "a script with a library of its own runs in a session, which is known from then on" {
              use place = new Workplace()
              let library = typeof<Expecto.TestsAttribute>.Assembly.Location
              let own = Path.Combine(place.Root, "own.dll")
              File.Copy(library, own)

              let script =
                  place.Write("script.fsx", Array.append [| "# r \"own.dll\"" |] (experiment "typeof<Expecto.TestsAttribute>.Name"))

              Expect.equal (named script) "TestsAttribute" ""
              Expect.equal (ScriptCache.find script) (ScriptCache.Ready None) ""
          } ]
