/// Where the results of a page come from: when, by what, from what.
module internal PUNet.Cli.Commands.OriginSections

open System
open System.Globalization
open PUNet.Cli.Rendering.HtmlReport
open PUNet.Dsl.Engine

let private time (value: DateTimeOffset) = value.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)

/// What several stages have in common stands once, with the stages of each value where they differ.
let private common (name: string) (value: Finished -> string) (stages: Finished list) =
    match stages |> List.filter (fun stage -> value stage <> "") |> List.groupBy value with
    | [ found, _ ] -> [ [ name; found ] ]
    | several -> [ for found, of' in several -> [ name; $"{found} ({of'.Length} stages, for example {of'.Head.Node.Label})" ] ]

let private origin (stage: Finished) =
    let artifact = stage.Artifact

    Folded(
        stage.Node.Label,
        false,
        [ Rows(
              [ "what"; "value" ]
              :: [ [ "key"; artifact.Key ]
                   [ "content"; artifact.Content ]
                   [ "started"; time (artifact.Started.ToUniversalTime()) ]
                   [ "ended"; time (artifact.Ended.ToUniversalTime()) ]
                   [ "machine"; artifact.Machine ]
                   if artifact.Commit <> "" then
                       [ "commit"; artifact.Commit ]
                   for entry in artifact.Versions do
                       [ entry.Key; entry.Value ]
                   for input in artifact.Inputs do
                       [ $"reads {input.Name}, {input.From}"; input.Content ] ]
          ) ]
    )

/// Versions, machines and hashes. `options`: what the report was asked with.
let make (script: string) (options: RunOptions) (now: DateTimeOffset) (stages: Finished list) =
    let versions = stages |> List.collect (fun stage -> List.ofSeq stage.Artifact.Versions.Keys) |> List.distinct |> List.sort
    let version name (stage: Finished) = stage.Artifact.Versions.TryFind name |> Option.defaultValue ""

    [ Heading "Origin"
      Rows(
          [ "what"; "value" ]
          :: [ [ "script"; script ]
               [ "page made"; time (now.ToUniversalTime()) ]
               [ "determinism"; options.Environment.Determinism ]
               [ "device"; options.Environment.Device ]
               yield! common "machine" _.Artifact.Machine stages
               yield! common "commit" _.Artifact.Commit stages
               for name in versions do
                   yield! common name (version name) stages ]
      )
      Paragraph "Keys stand for settings, inputs and code; content hashes for what was written."
      yield! stages |> List.map origin ]
