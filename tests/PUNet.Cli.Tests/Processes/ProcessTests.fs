module PUNet.Cli.Tests.ProcessTests

open System
open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Cli.Tests.TinyScript

[<Tests>]
let tests =
    testSequenced
    <| testList
        "processes"
        [ test "a script runs to its table; a second run does nothing; a change runs what depends on it" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script 6)
              let first = punet place.Root [ "run"; path; "--json" ]
              Expect.equal first.Code 0 first.Error
              Expect.contains (events first) "progress" ""
              Expect.contains (events first) "result" ""

              let second = punet place.Root [ "run"; path ]
              Expect.equal second.Code 0 second.Error
              Expect.stringContains second.Error "6 stages" ""
              Expect.stringContains second.Error ": 6 cached" ""
              Expect.stringContains second.Output "liver" "the table"

              let plan = punet place.Root [ "plan"; path; "epochs=2"; "--exit-code" ]
              Expect.equal plan.Code 1 plan.Error

              Expect.equal
                  (plan.Lines |> List.map (fun line -> (line.Split ' ')[0]))
                  [ "cached"; "cached"; "cached"; "run"; "waiting"; "waiting" ]
                  plan.Output

              Expect.stringContains plan.Lines[3] "epochs: 1 → 2" ""
              Expect.equal (punet place.Root [ "plan"; path; "--exit-code" ]).Code 0 ""

              let runs = punet place.Root [ "runs" ]
              Expect.hasLength runs.Lines 6 runs.Output
              let shown = punet place.Root [ "show"; (runs.Lines[0].Split ' ')[0] ]
              Expect.stringContains shown.Output "table.md" ""
          }

          test "results can be explained, compared, kept, checked and cleared up" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script 6)
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              Expect.equal (punet place.Root [ "run"; path; "epochs=2" ]).Code 0 ""

              let explained = punet place.Root [ "explain"; path; "promptTune(liver)"; "epochs=3" ]
              Expect.stringContains explained.Output "*" ""

              Expect.isTrue
                  (explained.Lines |> List.exists (fun line -> line.StartsWith "* epochs" && line.Contains "(was"))
                  explained.Output

              let marked = explained.Lines |> List.filter (fun line -> line.StartsWith "* ")
              Expect.hasLength marked 1 explained.Output

              let runs = punet place.Root [ "runs" ]

              let ids = runs.Lines |> List.filter _.EndsWith("  promptTune(liver)") |> List.map (fun line -> (line.Split ' ')[0])

              let compared = punet place.Root ("diff" :: ids)
              Expect.stringContains compared.Output "epochs: 2 → 1" compared.Output
              Expect.stringContains compared.Output "figures" compared.Output

              let scored =
                  runs.Lines |> List.filter _.EndsWith("  evaluate(promptTune(liver))") |> List.map (fun line -> (line.Split ' ')[0])

              let figures = punet place.Root ("diff" :: scored)

              Expect.isMatch
                  figures.Output
                  @"\n    liver, assd: [\d.]+, deviation \S+, n 2 → [\d.]+, deviation \S+, n 2"
                  "by class and metric"

              Expect.equal (punet place.Root [ "verify" ]).Code 0 ""

              let entry =
                  Directory.GetFiles(Path.Combine(place.Root, ".punet", "artifacts"), "adapter.safetensors", SearchOption.AllDirectories)[0]

              let bytes = File.ReadAllBytes entry
              bytes[bytes.Length - 1] <- bytes[bytes.Length - 1] ^^^ 1uy
              File.WriteAllBytes(entry, bytes)
              let verified = punet place.Root [ "verify" ]
              Expect.equal verified.Code 1 verified.Output
              Expect.stringContains verified.Output "adapter.safetensors has another content" ""
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              Expect.equal (punet place.Root [ "run"; path; "epochs=2" ]).Code 0 ""
              Expect.equal (punet place.Root [ "verify" ]).Code 0 "what was damaged ran again"

              let cleared = punet place.Root [ "gc"; "--max-size"; "0KB" ]
              Expect.stringContains cleared.Output "nothing to clear up" "all was used just now"
              Expect.equal (punet place.Root [ "gc"; "--max-size"; "much" ]).Code 2 ""
              Expect.equal (punet place.Root [ "pin"; ids[0]; "for"; "the"; "paper" ]).Code 0 ""
              Expect.stringContains (punet place.Root [ "runs" ]).Output "(pinned)" ""
          }

          test "trainings killed in their middle end, in strict determinism, with the bytes of undisturbed ones" {
              let lines =
                  script 6
                  |> Array.map (fun line ->
                      if line.StartsWith "let backbone" then
                          "let backbone = pretrain scans { network small; supervise [ \"stomach\" ]; self_supervise cpa; epochs 8; "
                          + "crops_per_epoch 4; batch_size 2 }"
                      else
                          line.Replace("argument \"epochs\" 1", "12"))

              let run (place: Workplace) path extra = [ "run"; path; "--determinism"; "strict"; "--json" ] @ extra

              let contents (place: Workplace) =
                  [ for path in
                        Directory.GetFiles(Path.Combine(place.Root, ".punet", "artifacts"), "provenance.json", SearchOption.AllDirectories) do
                        use document = JsonDocument.Parse(File.ReadAllText path)
                        let field (name: string) = string (document.RootElement.GetProperty(name).GetString())
                        field "label", field "content" ]
                  |> Map.ofList

              use undisturbed = new Workplace()
              let path = undisturbed.Write("tiny.fsx", lines)
              Expect.equal (punet undisturbed.Root (run undisturbed path [])).Code 0 ""

              use killed = new Workplace()
              let path = killed.Write("tiny.fsx", lines)

              for stage, steps in [ "pretrain", 3; "pretrain", 6; "promptTune(liver)", 4 ] do
                  let isProgress = $"\"progress\",\"stage\":\"{stage}\""
                  Expect.isTrue (killAt steps isProgress killed.Root (run killed path [])) $"{stage} was running"

              let last = punet killed.Root (run killed path [])
              Expect.equal last.Code 0 last.Error
              Expect.isTrue (last.Lines |> List.exists _.Contains("\"resumes\":true")) "it went on from a checkpoint"
              Expect.equal (contents killed) (contents undisturbed) ""
          }

          test "a plan writes nothing" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script 6)
              let ended = punet place.Root [ "plan"; path ]
              Expect.equal ended.Code 0 ended.Error
              Expect.isFalse (Directory.Exists(Path.Combine(place.Root, ".punet"))) ""
          }

          test "what a script prints does not stand among the results" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", Array.append (script 6) [| "printfn \"chatter\"" |])
              let ended = punet place.Root [ "plan"; path; "--json" ]
              Expect.equal (events ended |> List.distinct) [ "plan" ] ended.Output
              Expect.stringContains ended.Error "chatter" ""
          }

          test "Ctrl-C stops the running stage, keeps what is done and ends with code 130" {
              if OperatingSystem.IsWindows() then
                  skiptest "there are no signals"

              use place = new Workplace()
              let path = place.Write("long.fsx", script 4000)
              let ended = interruptAt "phantoms: never run" "INT" place.Root [ "run"; path ]
              Expect.equal ended.Code 130 ended.Error
              Expect.stringContains ended.Error "phantoms: stopped" ""
              Expect.stringContains ended.Error "to go on: punet run" ""
          }

          test "a second Ctrl-C leaves at once" {
              if OperatingSystem.IsWindows() then
                  skiptest "there are no signals"

              use place = new Workplace()
              // the first part of a phantom's generation is long, and only between phantoms it looks at the request to stop
              let path = place.Write("long.fsx", script 4000)
              let ended = interruptTwice "phantoms: never run" "INT" place.Root [ "run"; path ]
              Expect.equal ended.Code 130 ended.Error
          }

          test "the launcher builds once, then starts at once, also through a link and from another folder" {
              if OperatingSystem.IsWindows() then
                  skiptest "the launcher is a shell script"

              use place = new Workplace()
              let launcher = Path.Combine(repository, "punet")
              let first = execute repository launcher [ "--version" ]
              Expect.equal first.Code 0 first.Error

              let link = Path.Combine(place.Root, "a link")
              File.CreateSymbolicLink(link, launcher) |> ignore
              let second = execute place.Root link [ "--version" ]
              Expect.equal second.Code 0 second.Error
              Expect.equal second.Error "" "nothing is built"
              Expect.equal second.Output first.Output ""

              let missing = execute place.Root link [ "run"; "here.fsx" ]
              Expect.stringContains missing.Error (Path.Combine(place.Root, "here.fsx")) "the caller's folder stays"
          } ]
