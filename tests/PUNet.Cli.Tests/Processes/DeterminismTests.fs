module PUNet.Cli.Tests.DeterminismTests

open System
open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest

let private script =
    Array.append
        (TinyScript.phantoms 6 48)
        [| "let small ="
           "    network {"
           "        channels [ 8; 8; 8; 16; 16 ]"
           "        heads 2"
           "        window (4, 4, 1)"
           "        tokens_per_class 2"
           "        student_patch (32, 32, 1)"
           "        second_student_patch (32, 32, 1)"
           "        teacher_patch (32, 32, 1)"
           "    }"
           "let backbone ="
           "    pretrain scans { network small; supervise [ \"spleen\" ]; self_supervise cpa; epochs 1; crops_per_epoch 8; batch_size 4 }"
           "experiment \"tiny\" { evaluate [ backbone ] }" |]

/// Key and content of every result, by its label.
let private results (store: string) =
    [ for path in Directory.GetFiles(Path.Combine(store, "artifacts"), "provenance.json", SearchOption.AllDirectories) do
          use document = JsonDocument.Parse(File.ReadAllText path)
          let field (name: string) = string (document.RootElement.GetProperty(name).GetString())
          field "label", (field "key", field "content") ]
    |> Map.ofList

/// Settings under which libraries and .NET compute as on other processors.
let private processors = [ "plain", ""; "libtorch", "ATEN_CPU_CAPABILITY=default"; "net", "DOTNET_EnableAVX2=0" ]

/// Runs `punet` in a folder under one of these settings and none that the tests themselves run under.
let private under (setting: string) folder words =
    let own = [ "-u"; "ATEN_CPU_CAPABILITY"; "-u"; "DOTNET_EnableAVX2" ] @ (if setting = "" then [] else [ setting ])
    execute folder "env" (own @ "dotnet" :: program :: words)

[<Tests>]
let tests =
    testSequenced
    <| testList
        "determinism"
        [ test "on processors that compute differently a strict result has another key, and what has one key has one content" {
              if not (OperatingSystem.IsLinux()) then
                  skiptest "the settings are given by env"

              use place = new Workplace()
              let path = place.Write("tiny.fsx", script)

              let run (store: string, setting: string) =
                  let ended = under setting place.Root [ "run"; path; "--determinism"; "strict"; "--store"; store ]
                  Expect.equal ended.Code 0 ended.Error
                  results (Path.Combine(place.Root, store))

              let all = processors |> List.map run
              let pairs = all |> List.collect Map.toList |> List.distinct
              let keys = pairs |> List.map (fun (_, (key, _)) -> key) |> List.distinct
              Expect.equal keys.Length pairs.Length "no key has two contents"
              let trained = all |> List.map (Map.find "pretrain")
              Expect.equal (trained |> List.map fst |> List.distinct).Length processors.Length "each has a key of its own"

              if (File.ReadAllText "/proc/cpuinfo").Contains " avx2 " then
                  Expect.isGreaterThan (trained |> List.map snd |> List.distinct).Length 1 "the settings change bits"

              let plan = under "DOTNET_EnableAVX2=0" place.Root [ "plan"; path; "--determinism"; "strict"; "--store"; "plain" ]
              let line = plan.Lines |> List.find (fun line -> line.Contains "  pretrain ")
              Expect.stringContains line "run " "nothing waits: what is prepared is the same"
              Expect.stringContains line "environment.processor.vectors: " "the plan says why"
          }

          test "in other levels a result of another processor serves" {
              if not (OperatingSystem.IsLinux()) then
                  skiptest "the settings are given by env"

              use place = new Workplace()
              let path = place.Write("tiny.fsx", script)
              Expect.equal (under "" place.Root [ "run"; path ]).Code 0 ""
              let plan = under "DOTNET_EnableAVX2=0" place.Root [ "plan"; path; "--exit-code" ]
              Expect.equal plan.Code 0 plan.Output
          } ]
