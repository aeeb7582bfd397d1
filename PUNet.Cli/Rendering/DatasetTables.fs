/// What a check of a dataset says, as text.
module PUNet.Cli.Rendering.DatasetTables

open System
open System.Globalization
open System.IO
open PUNet.Core.Data
open PUNet.Core.Data.Checks

let private number (format: string) (value: float) =
    if Double.IsNaN value then "–" else value.ToString(format, CultureInfo.InvariantCulture)

let private spread format (values: Spread) = [ number format values.Smallest; number format values.Median; number format values.Largest ]

let private table (head: string list) (rows: string list list) = TextTable.lines head [ for _ in head -> false ] rows |> String.concat "\n"

let private axes name format (values: Spread seq) =
    [ for axis, values in Seq.indexed values -> $"{name}, axis {axis + 1}" :: spread format values ]

let private severity (finding: Finding) =
    match finding.Severity with
    | Severity.Error -> "error"
    | Severity.Warning -> "warning"
    | _ -> "note"

/// A path as the person who named the folder would say it.
let private below (folder: string) (path: string) =
    let relative = Path.GetRelativePath(folder, path)

    if relative.StartsWith(".." + string Path.DirectorySeparatorChar, StringComparison.Ordinal) then
        path
    else
        relative

/// One finding in one line, its remedy in a second.
let finding (folder: string) (finding: Finding) =
    $"{severity finding}: {below folder finding.File} {finding.Problem} [{finding.Rule}]\n    {finding.Remedy}"

/// Spacings, extents, intensities and class volumes.
let summary (summary: DatasetSummary) =
    let intensities =
        [ for entry in summary.Intensities ->
              let struct (percentile, values) = entry
              ("intensity, percentile " + number "0.#" percentile) :: spread "0.##" values ]

    let figures = axes "spacing in mm" "0.###" summary.Spacing @ axes "extent in voxels" "0" summary.Extent @ intensities

    let labels =
        [ for label in summary.Labels ->
              [ string label.Label; label.Name; $"{label.Subjects} of {summary.Subjects}" ] @ spread "0.##" label.Millilitres ]

    let orientations =
        [ for entry in summary.Orientations ->
              let struct (code, subjects) = entry
              $"{code} ({subjects})" ]
        |> String.concat ", "

    [ table [ $"{summary.Subjects} subjects"; "smallest"; "median"; "largest" ] figures
      $"orientations: {orientations}"
      (if labels.IsEmpty then
           "no labels"
       else
           table [ "label"; "name"; "subjects"; "ml, smallest"; "median"; "largest" ] labels) ]
    |> String.concat "\n\n"

/// 2 errors, 1 warning, 3 notes.
let counts (report: DatasetReport) =
    let many (what: string) count = if count = 1 then $"1 {what}" else $"{count} {what}s"

    [ many "error" (report.Count Severity.Error)
      many "warning" (report.Count Severity.Warning)
      many "note" (report.Count Severity.Note) ]
    |> String.concat ", "
