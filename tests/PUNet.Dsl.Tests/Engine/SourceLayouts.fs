/// Every layout of a dataset on disk, with the traps of its names.
module PUNet.Dsl.Tests.SourceLayouts

open System
open System.IO
open PUNet.Dsl

/// Of five subjects.
let ids = [ for i in 1..5 -> string i ]

/// An image and a label map of each.
let writePairs (place: ScanFolder) (image: string -> string) (labels: string -> string) =
    for i, id in Seq.indexed ids do
        place.Scan(image id, i)
        place.Labels(labels id, 1)

let private table (place: ScanFolder) name (row: string -> string * string) =
    place.Text(name, "id,image,label\n" + String.concat "" [ for id in ids -> let image, labels = row id in $"s{id},{image},{labels}\n" ])

/// Every layout with the traps of its names: how its files are written, and how a script declares it.
let all: (string * (ScanFolder -> unit) * (unit -> Dataset)) list =
    let pairs image labels () =
        dataset "toy" {
            source (Folder.pairs (data "d") image labels)
            classes [ 1, "liver" ]
        }

    [ "pairs in one folder",
      (fun place -> writePairs place (sprintf "d/%s_ct.nii.gz") (sprintf "d/%s_seg.nii.gz")),
      pairs "{id}_ct" "{id}_seg"

      "pairs whose pattern says .nii.gz and finds .nii",
      (fun place -> writePairs place (sprintf "d/images/%s.nii.gz") (sprintf "d/labels/%s.nii")),
      pairs "images/{id}.nii.gz" "labels/{id}.nii.gz"

      "pairs in capitals",
      (fun place -> writePairs place (sprintf "d/images/%s.NII.GZ") (sprintf "d/labels/%s.Nii")),
      pairs "images/{id}.nii.gz" "labels/{id}.nii.gz"

      "pairs of header and data",
      (fun place ->
          writePairs place (sprintf "d/%s_ct.nii") (sprintf "d/%s_seg.nii.gz")
          ids |> List.iter (fun id -> place.Split($"d/{id}_ct", false))

          for id in ids do
              File.Move(place.At $"d/{id}_seg.nii.gz", place.At $"labels/{id}.nii.gz")),
      pairs "{id}_ct.hdr" "../labels/{id}.nii.gz"

      "label maps beside the folder",
      (fun place -> writePairs place (sprintf "d/images/%s.nii") (sprintf "labels/%s.nii.gz")),
      pairs "images/{id}" "../labels/{id}"

      "links to files elsewhere",
      (fun place ->
          writePairs place (sprintf "elsewhere/%s_ct.nii.gz") (sprintf "elsewhere/%s_seg.nii.gz")
          Directory.CreateDirectory(place.At "d/images") |> ignore
          Directory.CreateSymbolicLink(place.At "d/labels", place.At "elsewhere") |> ignore

          for id in ids do
              File.CreateSymbolicLink(place.At $"d/images/{id}.nii.gz", place.At $"elsewhere/{id}_ct.nii.gz") |> ignore),
      pairs "images/{id}" "labels/{id}_seg"

      "folders of parts",
      (fun place ->
          for i, id in Seq.indexed ids do
              let part =
                  if i < 3 then "train"
                  elif i = 3 then "validation"
                  else "test"

              place.Scan($"d/{part}/images/{id}.nii.gz", i)
              place.Labels($"d/{part}/labels/{id}.NII.GZ", 1)),
      fun () ->
          dataset "toy" {
              source (Folder.pairs (data "d") "images/{id}.nii.gz" "labels/{id}.nii.gz")
              classes [ 1, "liver" ]
              given_split
          }

      "CT-ORG",
      (fun place -> writePairs place (sprintf "d/OrganSegmentations/volume-%s.nii.gz") (sprintf "d/OrganSegmentations/labels-%s.nii.gz")),
      fun () -> dataset "toy" { source (CtOrg.inFolder (data "d")) }

      "TCIA and BTCV",
      (fun place ->
          writePairs place (sprintf "d/image_tcia_multiorgan/PANCREAS_000%s.nii") (sprintf "d/label_tcia_multiorgan/label000%s.nii.gz")
          writePairs place (sprintf "d/image_btcv_multiorgan/img000%s.nii.gz") (sprintf "d/label_btcv_multiorgan/label000%s.nii.gz")
          let head = "publisher,original_id,extent_left,extent_right,extent_ant,extent_post,extent_inf,extent_sup\n"
          place.Text("d/cropping.csv", head + String.concat "" [ for id in ids -> $"TCIA,{id},0,6,0,6,0,6\nSynapse,{id},0,6,0,6,0,6\n" ])),
      fun () -> dataset "toy" { source (TciaBtcv.inFolder (data "d")) }

      "nnU-Net",
      (fun place ->
          writePairs place (sprintf "d/imagesTr/c%s_0000.nii.gz") (sprintf "d/labelsTr/c%s.NII.gz")
          ids |> List.iter (fun id -> place.Scan($"d/imagesTr/c{id}_0001.nii.gz", 50))
          place.Text("d/dataset.json", """{ "labels": { "background": 0, "liver": 1 } }""")),
      fun () ->
          dataset "toy" {
              source (NnUNet.channel 1 (NnUNet.inFolder (data "d")))
              classes [ 1, "liver" ]
          }

      "a table",
      (fun place ->
          writePairs place (sprintf "d/%s.nii") (sprintf "aside/%s.NII.GZ")
          ids |> List.iter (fun id -> place.Split($"d/{id}", (id = "2")))
          table place "d/list.csv" (fun id -> (if id = "2" then "2.HDR" else $"{id}.img"), $"../aside/{id}.NII.GZ")),
      fun () ->
          dataset "toy" {
              source (CsvList.inFolder (data "d") "list.csv")
              classes [ 1, "liver" ]
          } ]
