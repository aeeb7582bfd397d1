/// What a check of a dataset says, one JSON object per line.
module PUNet.Cli.Rendering.DatasetLines

open System
open System.Text.Json
open PUNet.Core.Data
open PUNet.Core.Data.Checks

let private number (writer: Utf8JsonWriter) (name: string) (value: float) =
    if Double.IsFinite value then writer.WriteNumber(name, value) else writer.WriteNull name

let private object (writer: Utf8JsonWriter) (name: string) write =
    writer.WriteStartObject name
    write ()
    writer.WriteEndObject()

let private array (writer: Utf8JsonWriter) (name: string) items write =
    writer.WriteStartArray name
    Seq.iter write items
    writer.WriteEndArray()

let private spread (writer: Utf8JsonWriter) (values: Spread) =
    number writer "smallest" values.Smallest
    number writer "median" values.Median
    number writer "largest" values.Largest

let private inArray (writer: Utf8JsonWriter) write =
    writer.WriteStartObject()
    write ()
    writer.WriteEndObject()

/// A finding.
let finding (finding: Finding) =
    JsonLine.make "finding" (fun writer ->
        writer.WriteString("severity", finding.Severity.ToString().ToLowerInvariant())
        writer.WriteString("rule", finding.Rule)
        writer.WriteString("file", finding.File)
        writer.WriteString("problem", finding.Problem)
        writer.WriteString("remedy", finding.Remedy))

/// A subject that could be read.
let subject (subject: CheckedSubject) =
    JsonLine.make "subject" (fun writer ->
        writer.WriteString("id", subject.Files.Id)
        writer.WriteString("image", subject.Files.ImagePath)
        writer.WriteString("labels", subject.Files.LabelPath)
        array writer "extent" (subject.Extent.ToArray()) writer.WriteNumberValue
        array writer "spacing" (subject.Geometry.Spacing.ToArray()) writer.WriteNumberValue
        writer.WriteString("orientation", subject.Geometry.Orientation.Code)

        object writer "intensity" (fun () ->
            number writer "minimum" subject.Intensities.Minimum
            number writer "percentile_0_5" subject.Intensities.Low
            number writer "percentile_50" subject.Intensities.Median
            number writer "percentile_99_5" subject.Intensities.High
            number writer "maximum" subject.Intensities.Maximum
            writer.WriteNumber("not_finite", subject.Intensities.NotFinite))

        object writer "millilitres" (fun () ->
            for label in subject.Labels.Keys |> Seq.sort do
                writer.WriteNumber(string label, subject.Millilitres label))

        writer.WriteString("image_hash", subject.ImageHash))

/// The figures of the whole dataset.
let summary (report: DatasetReport) (summary: DatasetSummary) =
    JsonLine.make "summary" (fun writer ->
        writer.WriteNumber("subjects", summary.Subjects)
        writer.WriteNumber("errors", report.Count Severity.Error)
        writer.WriteNumber("warnings", report.Count Severity.Warning)
        writer.WriteNumber("notes", report.Count Severity.Note)
        array writer "spacing" summary.Spacing (fun values -> inArray writer (fun () -> spread writer values))
        array writer "extent" summary.Extent (fun values -> inArray writer (fun () -> spread writer values))

        array writer "intensity" summary.Intensities (fun (struct (percentile, values)) ->
            inArray writer (fun () ->
                writer.WriteNumber("percentile", percentile)
                spread writer values))

        array writer "labels" summary.Labels (fun label ->
            inArray writer (fun () ->
                writer.WriteNumber("label", label.Label)
                writer.WriteString("name", label.Name)
                writer.WriteNumber("subjects", label.Subjects)
                object writer "millilitres" (fun () -> spread writer label.Millilitres))))
