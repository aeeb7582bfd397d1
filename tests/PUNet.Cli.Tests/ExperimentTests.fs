module PUNet.Cli.Tests.ExperimentTests

open System.IO
open System.IO.Compression
open Expecto
open PUNet.Cli.Commands
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Core.Data.Phantoms

let private scripts =
    Directory.EnumerateFiles(Path.Combine(repository, "experiments"), "*.fsx")
    |> Seq.filter (fun path -> Path.GetFileName path <> "punet.fsx")
    |> Seq.sort
    |> List.ofSeq

/// One scan and its labels under the names of a published dataset; a name without .gz is written uncompressed.
let private publish (folder: string) (pairs: (string * string) list) =
    let phantoms = Path.Combine(folder, "phantoms")
    let options = PhantomOptions(Subjects = 3, InPlane = 16, Slices = struct (4, 4))
    PhantomGenerator.Write(options, phantoms, ignore, Unchecked.defaultof<_>)
    let files kind = Directory.GetFiles(Path.Combine(phantoms, kind)) |> Array.sort |> Array.toList

    let copy (source: string) (name: string) =
        let target = Path.Combine(folder, name)
        Directory.CreateDirectory(string (Path.GetDirectoryName target)) |> ignore

        if name.EndsWith(".gz", System.StringComparison.Ordinal) then
            File.Copy(source, target)
        else
            use packed = new GZipStream(File.OpenRead source, CompressionMode.Decompress)
            use plain = File.Create target
            packed.CopyTo plain

    for (image, label), (imageName, labelName) in List.zip (List.zip (files "images") (files "labels")) pairs do
        copy image imageName
        copy label labelName

    Directory.Delete(phantoms, true)

let private published =
    [ "ctorg.fsx", [ for id in [ 0; 7; 12 ] -> $"ct-org/volume-{id}.nii.gz", $"ct-org/labels-{id}.nii.gz" ], []
      "btcv.fsx",
      [ "btcv/image_tcia_multiorgan/PANCREAS_0001.nii", "btcv/label_tcia_multiorgan/label0001.nii.gz"
        "btcv/image_btcv_multiorgan/img0001.nii.gz", "btcv/label_btcv_multiorgan/label0001.nii.gz"
        "btcv/image_btcv_multiorgan/img0002.nii.gz", "btcv/label_btcv_multiorgan/label0002.nii.gz" ],
      [ "btcv/cropping.csv",
        [ "publisher,original_id,extent_left,extent_right,extent_ant,extent_post,extent_inf,extent_sup"
          "TCIA,1,0,8,0,8,0,2"
          "Synapse,1,0,8,0,8,0,2"
          "Synapse,2,0,8,0,8,0,2" ] ] ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "experiments"
        [ test "there are experiments" { Expect.isNonEmpty scripts "" }

          for script in scripts do
              test $"{Path.GetFileName script} declares stages without a fault" {
                  match Declarations.read script [] with
                  | Ok declared -> Expect.isNonEmpty declared.Graph.Nodes ""
                  | Error fault -> failtest (String.concat "\n" fault.Lines)
              }

          for name, scans, tables in published do
              test $"{name} plans on a folder with the published names" {
                  use place = new Workplace()
                  publish place.Root scans

                  for table, lines in tables do
                      place.Write(table, List.toArray lines) |> ignore

                  let script = Path.Combine(repository, "experiments", name)
                  let ended = punet place.Root [ "plan"; script; "--data"; place.Root; "--store"; Path.Combine(place.Root, "store") ]
                  Expect.equal (ended.Code, ended.Error) (0, "") ended.Output
                  Expect.stringContains ended.Output "run      prepare(" ""
              }

          test "the quick start also works under dotnet fsi" {
              let ended = execute repository "dotnet" [ "fsi"; "experiments/quickstart.fsx" ]
              Expect.equal ended.Code 0 ended.Error
              Expect.equal ended.Error "" ""
          } ]
