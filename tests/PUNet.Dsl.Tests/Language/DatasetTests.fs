module PUNet.Dsl.Tests.DatasetTests

open System
open System.IO
open Expecto
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Prepared
open PUNet.Core.Imaging
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Prepares a dataset from a folder, as a run would.
let private prepare (place: ScanFolder) source (scans: Dataset) =
    let run = Guid.NewGuid().ToString "N"
    let output, work = place.At $"prepared/{run}", place.At $"work/{run}"

    for folder in [ output; work ] do
        Directory.CreateDirectory folder |> ignore

    Stages.runner
        "cpu"
        1
        { Spec = scans.Stage.Node.Spec
          Label = "prepare"
          Inputs = Map.ofList [ "source", source ]
          Sources = Map.empty
          InputHashes = Map.empty
          Output = output
          Work = work
          Earlier = fun () -> []
          Report = ignore
          Cancellation = Unchecked.defaultof<_> }

    PreparedDataset.Open output

let private problems (scans: Dataset) = scans.Stage.Node.Problems |> List.map string |> String.concat "\n"

[<Tests>]
let tests =
    testSequenced
    <| testList
        "datasets"
        [ test "a table's scans are split by the patients that a pattern finds, into folds that test each once" {
              use place = new ScanFolder()

              let ids = [ for patient in 1..4 -> [ $"p{patient}_a"; $"p{patient}_b" ] ] |> List.concat

              for i, id in Seq.indexed ids do
                  place.Scan($"scans/{id}.nii.gz", i)
                  place.Labels($"scans/{id}_seg.nii.gz", 1)

              File.WriteAllLines(place.At "scans/list.csv", "id,image,label" :: [ for id in ids -> $"{id},{id}.nii.gz,{id}_seg.nii.gz" ])

              let tested =
                  [ for number in 0..3 ->
                        let scans =
                            dataset "toy" {
                                source (CsvList.inFolder (data "scans") "list.csv")
                                classes [ 1, "liver" ]

                                split {
                                    folds 4
                                    fold number
                                    group_by "^p[0-9]+"
                                }
                            }

                        Expect.equal (problems scans) "" ""
                        let prepared = prepare place (Path.GetDirectoryName(place.At "scans/x") |> string) scans
                        let patients part = prepared[part] |> Seq.map (fun subject -> subject.Id.Substring(0, 2)) |> Set.ofSeq
                        Expect.equal (prepared[Part.Test].Count) 2 "both scans of one patient"

                        Expect.isEmpty
                            (Set.intersect (patients Part.Test) (patients Part.Train + patients Part.Validation))
                            "no patient on both sides"

                        [ for subject in prepared[Part.Test] -> subject.Id ] ]

              Expect.equal (tested |> List.concat |> List.sort) ids ""
          }

          test "nnU-Net's folder is prepared with its ignored label, and classes that it does not have are refused" {
              use place = new ScanFolder()

              for i in 1..5 do
                  place.Scan($"nn/imagesTr/case_{i}_0000.nii.gz", i)
                  place.Scan($"nn/imagesTr/case_{i}_0001.nii.gz", i + 50)
                  place.Labels($"nn/labelsTr/case_{i}.nii.gz", 2)

              File.WriteAllText(place.At "nn/dataset.json", """{ "labels": { "background": 0, "liver": 1, "ignore": 2 } }""")
              let folder = Path.GetDirectoryName(place.At "nn/x") |> string

              let scans names =
                  dataset "toy" {
                      source (NnUNet.channel 1 (NnUNet.inFolder (data "nn")))
                      classes names
                  }

              let prepared = prepare place folder (scans [ 1, "liver" ])
              let subject = prepared.Load("case_3", Normalisation.Window(0.0, 100.0))
              Expect.equal (Set.ofArray subject.Labels) (set [ 0uy; 1uy; IgnoredLabel.Value ]) ""
              Expect.equal (prepared.LoadImage("case_3").Data |> Array.max) 99f ""
              let origins = File.ReadAllText(Path.Combine(prepared.Folder, "subjects.json"))
              Expect.stringContains origins "case_3_0001.nii.gz" "the second channel"

              Expect.throwsC (fun () -> prepare place folder (scans [ 1, "liver"; 3, "spleen" ]) |> ignore) (fun error ->
                  Expect.stringContains error.Message "the declared classes name 3 too" "")
          }

          test "patterns of pairs may name folders" {
              use place = new ScanFolder()

              for i in 1..5 do
                  place.Scan($"mr/images/case_{i}.nii.gz", i)
                  place.Labels($"mr/labels/case_{i}.nii.gz", 1)

              let scans =
                  dataset "toy" {
                      source (Folder.pairs (data "mr") "images/{id}.nii.gz" "labels/{id}.nii.gz")
                      classes [ 1, "anterior" ]
                      normalise_per_volume
                  }

              let prepared = prepare place (Path.GetDirectoryName(place.At "mr/x") |> string) scans
              Expect.equal (List.sort [ for subject in prepared.Subjects -> subject.Id ]) [ for i in 1..5 -> $"case_{i}" ] ""
          }

          test "faults of a split by folds are told at their keywords" {
              let scans =
                  dataset "toy" {
                      source (CsvList.inFolder (data "scans") "list.csv")
                      classes [ 1, "liver" ]

                      split {
                          folds 5
                          fold 5
                          train 0.5
                          group_by "("
                      }
                  }

              let told = problems scans
              Expect.stringContains told "with 5 folds it is from 0 to 4" ""
              Expect.stringContains told "train and folds are given" ""
              Expect.stringContains told "group_by is no regular expression" ""

              let alone =
                  dataset "toy" {
                      source (CsvList.inFolder (data "scans") "list.csv")
                      classes [ 1, "liver" ]
                      split { fold 1 }
                  }

              Expect.stringContains (problems alone) "fold is given without folds" ""
          }

          test "the two published collections keep their axes, others are turned to one orientation" {
              let orientation (source: ScanSource) = source.Layout.Preparation.Orientation
              Expect.isNull (box (orientation (CtOrg.inFolder (data "d")))) ""
              Expect.isNull (box (orientation (TciaBtcv.inFolder (data "d")))) ""
              Expect.isNotNull (box (orientation (Folder.pairs (data "d") "{id}_ct" "{id}_seg"))) ""
          }

          test "a class in a text is its name, and a group those of its classes" {
              let labels = [ for organ in DesignExample.organs.Novel -> $"prompts for {organ}" ]
              Expect.equal labels [ "prompts for lungs"; "prompts for bone" ] ""
              Expect.equal $"{DesignExample.organs.Base}" "liver, bladder, kidneys" ""
          } ]
