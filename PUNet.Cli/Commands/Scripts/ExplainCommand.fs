/// punet explain: the fields of a stage's key, against the nearest result in the store.
module PUNet.Cli.Commands.ExplainCommand

open System
open FsToolkit.ErrorHandling
open PUNet.Cli
open PUNet.Cli.Rendering
open PUNet.Dsl
open PUNet.Dsl.Engine

/// A value, or why there is none.
let private value (field: ExplainedField) =
    match field.Now with
    | Some value -> value
    | None when field.IsKnown -> "no longer there"
    | None -> "not known yet"

let private text (explanation: Explanation) =
    let word, details = PlanCommand.describe explanation.Entry.Status
    let width = explanation.Fields |> List.map _.Field.Length |> List.fold max 0

    [ $"{explanation.Entry.Node.Label}: {word} {details}".TrimEnd()
      match explanation.Nearest with
      | None -> "the store holds no former result of this stage"
      | Some nearest ->
          let ended = nearest.Ended.LocalDateTime.ToString "yyyy-MM-dd HH:mm"
          $"nearest: {nearest.Key.Substring(0, 8)} of {ended}; * marks what differs"
      for field in explanation.Fields do
          let isMarked = explanation.Nearest.IsSome && field.Differs
          let mark = if isMarked then "*" else " "
          let former = field.Before |> Option.map (fun before -> $"was {before}") |> Option.defaultValue "new"
          let before = if isMarked then $"   ({former})" else ""
          $"{mark} {field.Field.PadRight width}  {value field}{before}"

          for name in field.Functions do
              $"      {name} changed" ]

let private json (explanation: Explanation) =
    [ for field in explanation.Fields ->
          JsonLine.make "field" (fun writer ->
              writer.WriteString("stage", explanation.Entry.Node.Label)
              writer.WriteString("field", field.Field)
              writer.WriteString("now", Option.toObj field.Now)
              writer.WriteString("before", Option.toObj field.Before)
              writer.WriteBoolean("known", field.IsKnown)
              writer.WriteBoolean("differs", explanation.Nearest.IsSome && field.Differs)
              writer.WriteStartArray "functions"
              field.Functions |> List.iter writer.WriteStringValue
              writer.WriteEndArray()) ]

/// Explains the stage of a label.
let run (declared: Declarations) (options: RunOptions) (label: string) asJson : Result<int, Fault> =
    result {
        let! _, plan = PlanCommand.make declared options

        let! entry =
            plan
            |> List.tryFind (fun entry -> entry.Node.Label = label)
            |> Result.requireSome (Usage $"the script has no stage {label}; {NearestName.remedy label (plan |> List.map _.Node.Label)}")

        let explanation = Explanation.make options (Store.at options.StoreFolder) plan entry
        (if asJson then json explanation else text explanation) |> List.iter Console.Out.WriteLine
        return ExitCode.Done
    }
