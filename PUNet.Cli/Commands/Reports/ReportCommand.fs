/// punet report: the results of a script on one offline page.
module PUNet.Cli.Commands.ReportCommand

open System
open System.IO
open System.Text
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Core.Common.Files
open PUNet.Dsl.Engine

/// What the script last ran in the store.
let private latestRun (store: Store) (script: string) = ScriptRoot.tryRead store (ScriptRoot.ofScript script).Id

let private page (declared: Declarations) (options: RunOptions) plan (finished: Finished list) (lacking: string list) =
    let store = Store.at options.StoreFolder
    let graph = { Nodes = plan |> List.map _.Node }
    let scored = Scored.ofStages graph finished
    let outcomes = PipelineSections.outcomes store (latestRun store declared.Script) plan finished

    [ for sentence in lacking do
          Warning sentence
      yield! finished |> List.collect ScoreSections.table
      yield! PanelSections.make scored
      yield! ScoreSections.classes scored
      yield! ScoreSections.subjects scored
      yield! VolumeSections.make scored
      yield! TrainingSections.curvesOf finished
      yield! TrainingSections.tuned finished
      yield! PipelineSections.graph outcomes
      yield! PipelineSections.settingsOf outcomes
      yield! OriginSections.make declared.Script options DateTimeOffset.UtcNow finished ]

/// Pages that are too large for a mail are said to be.
let private tooLarge (text: string) =
    let length = int64 (Encoding.UTF8.GetByteCount text)

    if length > HtmlReport.mostBytes then
        [ $"the page has {ByteSize.show length}, more than the {ByteSize.show HtmlReport.mostBytes} that most mail takes" ]
    else
        []

/// Writes the page from what the store holds; runs nothing. Code 1 where results are missing, and no page where there are none, or where
/// other options than the given ones have more.
let run (declared: Declarations) (options: RunOptions) (output: string option) : Result<int, Fault> =
    PlanCommand.make declared options
    |> Result.bind (fun (continued, plan) ->
        let finished = Finished.ofPlan (Store.at options.StoreFolder) plan
        let name = Path.GetFileNameWithoutExtension declared.Script |> string
        let missing = MissingResults.tell declared options plan (fun _ -> true)

        match missing with
        | Some reason when finished.IsEmpty || MissingResults.othersHaveMore declared options plan -> Error(Usage $"report: {reason}")
        | _ ->
            let waits =
                [ if not continued.Waiting.IsEmpty then
                      "parts of the script wait for values of stages that have no result yet" ]

            let lacking = Option.toList missing @ waits
            let path = output |> Option.defaultValue $"{name}.html" |> Path.GetFullPath

            try
                let text = HtmlReport.render name (page declared options plan finished lacking)
                AtomicFile.WriteText(path, text)
                Console.Out.WriteLine path
                lacking @ tooLarge text |> List.iter Console.Error.WriteLine
                Ok(if lacking.IsEmpty then ExitCode.Done else ExitCode.Failed)
            with :? IOException as error ->
                Error(Usage $"report: {error.Message}"))
