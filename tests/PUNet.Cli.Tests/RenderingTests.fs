module PUNet.Cli.Tests.RenderingTests

open System
open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Commands
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Inference
open PUNet.Core.Inference.Results
open PUNet.Core.Metrics
open PUNet.Dsl.Engine

let private seconds (value: float) = TimeSpan.FromSeconds value

let private progress finished : EngineEvent = EngineEvent.Reported("train", StageEvent.Progress("step", finished, 100L, "loss 0.5"))

let private events =
    [ EngineEvent.Cached("a", "1f")
      EngineEvent.Started("b \"quoted\"", "epochs: 3 → 4", true)
      progress 3L
      EngineEvent.Reported("b", StageEvent.Metric("loss/focal", 7L, nan))
      EngineEvent.Reported("b", StageEvent.Message "two\nlines")
      EngineEvent.Reported("b", StageEvent.Warning "predicts nothing of spleen")
      EngineEvent.WaitingForOther("b", "process 7 on here")
      EngineEvent.Finished("b", "2f", seconds 1.5, false)
      EngineEvent.Failed("c", "no disk", IOException "no disk")
      EngineEvent.Skipped("d", "c")
      EngineEvent.Interrupted "e" ]

let private plain interval =
    let output = new StringWriter()
    output, (new PlainView(output, interval) :> EventView)

[<Tests>]
let tests =
    testList
        "rendering"
        [ test "rate and time left follow from the first report of a unit" {
              let meter = ProgressMeter()
              let first = meter.Report("step", 50L, 100L, "", seconds 10.0)
              Expect.isNone first.Rate "one report has no rate"
              let second = meter.Report("step", 60L, 100L, "", seconds 15.0)
              Expect.equal second.Rate (Some 2.0) "steps before the first report do not count"
              Expect.equal second.Left (Some(seconds 20.0)) ""
              Expect.isNone (meter.Report("epoch", 1L, 3L, "", seconds 20.0)).Rate "another unit starts afresh"
          }

          test "a pace reads as a sentence, slow ones in seconds per unit" {
              let meter = ProgressMeter()
              meter.Report("epoch", 0L, 4L, "", seconds 0.0) |> ignore

              Expect.equal
                  (string (meter.Report("epoch", 2L, 4L, "loss 0.5", seconds 140.0)))
                  "epoch 2 of 4, 70.0 s/epoch, 2 min 20 s left, loss 0.5"
                  ""
          }

          test "every event is one line of JSON that names its stage" {
              for event in events do
                  let line = JsonLine.ofEvent event
                  Expect.isFalse (line.Contains '\n') line
                  use document = JsonDocument.Parse line
                  Expect.isTrue (document.RootElement.TryGetProperty("event") |> fst) line
                  Expect.isTrue (document.RootElement.TryGetProperty("stage") |> fst) line
          }

          test "different events have different names in JSON" {
              let name (line: string) = (JsonDocument.Parse line).RootElement.GetProperty("event").GetString()

              Expect.hasLength (events |> List.map (JsonLine.ofEvent >> name) |> List.distinct) events.Length ""
          }

          test "a measured figure that is no number is null in JSON" {
              let line = JsonLine.ofEvent (EngineEvent.Reported("b", StageEvent.Metric("loss", 1L, nan)))

              use document = JsonDocument.Parse line
              Expect.equal (document.RootElement.GetProperty("value").ValueKind) JsonValueKind.Null ""
          }

          test "plain lines tell every event but only some of the progress" {
              let output, view = plain TimeSpan.MaxValue
              events @ [ progress 4L; progress 5L ] |> List.iter view.Show
              let text = string output
              Expect.isFalse (text.Contains "step") "progress within the interval"
              Expect.stringContains text "c: failed: no disk" ""
              Expect.stringContains text "b: warning: predicts nothing of spleen" ""
              Expect.stringContains text "d: not run, because c failed" ""
              Expect.stringContains text "b: done in 1.5 s" ""
          }

          test "progress is a plain line once the interval is over" {
              let output, view = plain TimeSpan.Zero
              view.Show(progress 4L)
              Expect.isMatch ((string output).Trim()) @"^train: step 4 of 100, loss 0.5, \d+\.\d GB$" "with the memory"
          }

          test "the columns of a table are lined up, numbers to the right, and a name's line break breaks no line" {
              let lines = TextTable.lines [ "class"; "Dice" ] [ false; true ] [ [ "größe"; "1" ]; [ "a|b\nc"; "22" ] ]
              Expect.equal lines [ "class  Dice"; "─────  ────"; "größe     1"; "a|b c    22" ] ""
          }

          test "a run shows its table and what its comparisons come to, of repeated trainings too, in lines that fit a terminal" {
              use place = new Workplace()

              let row i variant repetition (dice: float list) =
                  let folder = Path.Combine(place.Root, $"scores.{i}")
                  Directory.CreateDirectory folder |> ignore

                  let scores =
                      [ for subject, value in List.indexed dice do
                            for metric in SegmentationMetrics.All do
                                SubjectScore(
                                    $"s{subject}",
                                    "right kidney",
                                    metric.Name,
                                    Nullable(if metric.Scale = 100.0 then value else 12.5)
                                ) ]

                  SubjectScore.Write(folder, scores)

                  EvaluationSummary(
                      Part = Part.Test,
                      Subjects = dice.Length,
                      TrainedParameters = Nullable 1_234_567L,
                      TotalParameters = Nullable 12_345_678L,
                      Classes = [| ClassScore.Of(1, "right kidney", scores) |]
                  )
                      .Write
                      folder

                  ResultRow($"scores.{i}", variant, folder, repetition)

              let rows =
                  [| row 0 "promptTune on pretrain[2]" (Nullable 0) [ 0.8; 0.6 ]
                     row 1 "promptTune on pretrain[2]" (Nullable 0) [ 0.7; 0.5 ]
                     row 2 "fineTune" (Nullable()) [ 0.5; 0.5 ] |]

              let folder = Path.Combine(place.Root, "table")
              Directory.CreateDirectory folder |> ignore
              ResultTable.Write("tried", rows, [| struct ("scores.0", "scores.2") |], folder)

              let lines = (Results.show [ { Label = "table(tried)"; Artifact = "a"; Folder = folder } ]).Split '\n'
              let table = lines |> Array.filter _.Contains("right kidney")
              Expect.hasLength table 3 "two variants and their comparison"
              Expect.stringContains table[0] "65.0 ± 7.1 (2 seeds)" ""
              Expect.stringContains table[1] "12.5 ± 0.0" "a distance"
              Expect.isMatch table[2] @"promptTune on pretrain\[2\] +fineTune +\+15\.0 ± 14\.1 +\+15\.0 ± 14\.1 +0\.0 ± 0\.0 +0\.5$" ""
              Expect.all table (fun line -> line.Length <= 115) "even of long names"
          }

          test "times are read in the unit that fits" {
              Expect.equal
                  ([ 0.4; 12.0; 200.0; 7500.0 ] |> List.map (seconds >> Duration.show))
                  [ "0.4 s"; "12 s"; "3 min 20 s"; "2 h 5 min" ]
                  ""
          } ]
