module PUNet.Cli.Tests.ModelProcessTests

open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest

let private script =
    Array.concat
        [ TinyScript.phantoms 5 32
          TinyScript.network
          [| "let tuned = promptTune backbone { target \"bladder\"; epochs 1; crops_per_epoch 2; batch_size 2 }"
             "experiment \"tiny\" { evaluate [ tuned ] }" |] ]

/// Flips one bit in the middle of a file.
let private flip (path: string) =
    let bytes = File.ReadAllBytes path
    bytes[bytes.Length / 2] <- bytes[bytes.Length / 2] ^^^ 1uy
    File.WriteAllBytes(path, bytes)

/// The id of a stage's result, as `punet runs` shows it.
let private idOf (runs: Ended) label =
    match runs.Lines |> List.tryFind _.EndsWith($"  {label}") with
    | Some line -> (line.Split ' ')[0]
    | None -> failtest $"no result of {label} in {runs.Output}"

let private refused folder words (expected: string) =
    let ended = punet folder words
    Expect.equal ended.Code 2 (string words + ended.Error)
    Expect.equal ended.Output "" ""
    Expect.stringContains ended.Error expected ""
    Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error

[<Tests>]
let tests =
    testSequenced
    <| testList
        "models as processes"
        [ test "parameters are counted by id, stage and folder; a backbone travels through an exported file unchanged" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script)
              let run = punet place.Root [ "run"; path ]
              Expect.equal run.Code 0 run.Error
              let runs = punet place.Root [ "runs" ]

              let tuned = punet place.Root [ "params"; idOf runs "promptTune(bladder)" ]
              Expect.equal tuned.Code 0 tuned.Error
              Expect.equal tuned.Lines[0] "promptTune(bladder): trainable 2,504 of 22,124 (11.32 %)" ""
              Expect.exists tuned.Lines (fun line -> line.StartsWith "bladder" && line.TrimEnd().EndsWith "1,352") tuned.Output

              let staged = punet place.Root [ "params"; $"{path}:promptTune(bladder)"; "--json" ]
              use counts = JsonDocument.Parse staged.Output
              Expect.equal (counts.RootElement.GetProperty("trained").GetInt64()) 2504L ""
              Expect.equal (counts.RootElement.GetProperty("total").GetInt64()) 22124L ""

              let backbone = idOf runs "randomBackbone"
              let wouldTrain = punet place.Root [ "params"; backbone; "--variant"; "promptTune"; "--classes"; "bladder" ]

              Expect.equal
                  wouldTrain.Lines[0]
                  "randomBackbone: trainable 2,504 of 22,124 (11.32 %)"
                  "what it would train is what it trained"

              let export = punet place.Root [ "export"; backbone; "-o"; "small.safetensors"; "--json" ]
              Expect.equal export.Code 0 export.Error
              let import = punet place.Root [ "import"; "small.safetensors"; "-o"; "again" ]
              Expect.equal import.Code 0 import.Error

              let artifact = Directory.GetDirectories(Path.Combine(place.Root, ".punet", "artifacts"), backbone + "*")[0]

              for file in [ "backbone.safetensors"; "model.json" ] do
                  Expect.equal
                      (File.ReadAllBytes(Path.Combine(place.Root, "again", file)))
                      (File.ReadAllBytes(Path.Combine(artifact, file)))
                      file

              let copy = Directory.CreateDirectory(Path.Combine(place.Root, "copy")).FullName

              let adapter =
                  Directory.GetDirectories(Path.Combine(place.Root, ".punet", "artifacts"), idOf runs "promptTune(bladder)" + "*")[0]

              for file in [ "adapter.safetensors"; "adapter.json" ] do
                  File.Copy(Path.Combine(adapter, file), Path.Combine(copy, file))

              let counted = punet place.Root [ "params"; "copy" ]

              Expect.equal
                  counted.Lines[0]
                  "copy: trainable 2,504 of 22,124 (11.32 %)"
                  "the store has its backbone, told by the hash of the weights"

              refused place.Root [ "params"; "copy"; "--store"; "elsewhere" ] "name its folder with --backbone DIR"
              Expect.equal (punet place.Root [ "params"; "copy"; "--store"; "elsewhere"; "--backbone"; "again" ]).Code 0 ""
              Expect.stringContains (punet place.Root [ "params"; "again" ]).Output "of them in the body" ""
              refused place.Root [ "import"; "small.safetensors"; "-o"; "again" ] "is there already"
              refused place.Root [ "export"; backbone; "-o"; "small.safetensors" ] "is there already"
              refused place.Root [ "export"; idOf runs "promptTune(bladder)"; "-o"; "x" ] "export writes backbones"
              refused place.Root [ "params"; backbone; "--variant"; "promptTune"; "--classes"; "blader" ] "did you mean \"bladder\"?"
          }

          test "a damaged model is neither counted, exported nor reported, and the next run that reads it makes it again" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script)
              let first = punet place.Root [ "run"; path ]
              Expect.equal first.Code 0 first.Error
              let runs = punet place.Root [ "runs" ]
              let backbone, tuned = idOf runs "randomBackbone", idOf runs "promptTune(bladder)"
              let folder id = Directory.GetDirectories(Path.Combine(place.Root, ".punet", "artifacts"), id + "*")[0]
              let weights = Path.Combine(folder backbone, "backbone.safetensors")
              let adapter = Path.Combine(folder tuned, "adapter.safetensors")
              let before = File.ReadAllBytes weights, File.ReadAllBytes adapter
              flip weights
              let told = $"the result {backbone} of randomBackbone is damaged: backbone.safetensors has another content; `punet verify"
              refused place.Root [ "params"; backbone ] told
              refused place.Root [ "params"; tuned ] told
              refused place.Root [ "params"; $"{path}:promptTune(bladder)" ] told
              refused place.Root [ "export"; backbone; "-o"; "x.safetensors" ] told
              Expect.isFalse (File.Exists(Path.Combine(place.Root, "x.safetensors"))) "nothing was exported"
              flip (Path.Combine(folder tuned, "adapter.json"))
              refused place.Root [ "report"; path ] "promptTune(bladder) is damaged: adapter.json has another content"

              Directory.Delete(folder tuned, true)
              let second = punet place.Root [ "run"; path ]
              Expect.equal second.Code 0 second.Error
              let told = "randomBackbone: its result is damaged (backbone.safetensors has another content) and was set aside in "
              Expect.stringContains second.Error told ""
              Expect.stringContains second.Error "randomBackbone: damaged: backbone.safetensors has another content" ""
              Expect.equal (File.ReadAllBytes weights, File.ReadAllBytes adapter) before "the same bytes as without the damage"
              Expect.equal (punet place.Root [ "params"; tuned ]).Code 0 ""
          }

          test "scans are segmented by a stage's model and by what was added to its backbone; one bad scan does not keep the others from it" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", script)
              let run = punet place.Root [ "run"; path ]
              Expect.equal run.Code 0 run.Error

              let scans =
                  Directory.GetDirectories(Path.Combine(place.Root, ".punet", "artifacts"), "images", SearchOption.AllDirectories)[0]

              let labels = Path.Combine(scans, "..", "labels")
              let mine = Directory.CreateDirectory(Path.Combine(place.Root, "mine")).FullName
              File.Copy(Path.Combine(scans, "phantom_001.nii.gz"), Path.Combine(mine, "ct_1.nii.gz"))
              File.WriteAllText(Path.Combine(mine, "broken.nii"), "no scan")

              let predicted = punet place.Root [ "predict"; $"{path}:promptTune(bladder)"; "mine"; "-o"; "out"; "--json"; "--preview" ]
              Expect.equal predicted.Code 1 predicted.Error
              Expect.stringContains predicted.Error "1 of 2 scans were segmented; not:" ""
              Expect.hasLength predicted.Lines 1 predicted.Output
              use line = JsonDocument.Parse predicted.Lines[0]
              Expect.equal (line.RootElement.GetProperty("classes").GetArrayLength()) 1 "a random backbone has no base class"

              let names = Directory.GetFiles(Path.Combine(place.Root, "out")) |> Array.map Path.GetFileName |> Array.sort
              Expect.equal names [| "ct_1.nii.gz"; "ct_1.preview.png"; "labels.json"; "volumes.csv" |] ""

              Expect.stringContains
                  (File.ReadAllText(Path.Combine(place.Root, "out", "labels.json")))
                  "\"8\": \"bladder\""
                  "its value in the data"

              let backbone = idOf (punet place.Root [ "runs" ]) "randomBackbone"
              let added = punet place.Root [ "add"; backbone; "--organ"; "aorta"; "--images"; scans; "--labels"; labels; "--label"; "1" ]
              Expect.equal added.Code 0 added.Error
              Expect.stringContains added.Error "the backbone" "the proof that nothing else changed"
              Expect.stringContains added.Output "Dice on 1 held-out scans of 5" ""
              Expect.isTrue (File.Exists(Path.Combine(place.Root, "aorta.safetensors"))) ""
              let both = punet place.Root [ "predict"; backbone; "mine/ct_1.nii.gz"; "-o"; "both"; "--adapter"; "aorta.safetensors" ]
              Expect.equal both.Code 0 both.Error
              Expect.stringContains both.Output "aorta" ""

              refused place.Root [ "predict"; backbone; "mine"; "-o"; "x" ] "has no class"
              refused place.Root [ "predict"; backbone; "none.nii"; "-o"; "x" ] "no file and no folder none.nii"

              refused
                  place.Root
                  [ "predict"; backbone; "mine/ct_1.nii.gz"; "-o"; "mine"; "--adapter"; "aorta.safetensors" ]
                  "would lie over the scan"

              refused place.Root [ "predict"; $"{path}:promptTune(bladder)"; "mine"; "-o"; "tiny.fsx" ] "is a file"
              refused place.Root [ "predict"; backbone ] "predict needs scans"
              refused place.Root [ "add"; backbone; "--organ"; "aorta"; "--images"; scans; "--labels"; labels ] "is there already"
              refused place.Root [ "add"; backbone; "--organ"; "vein"; "--images"; scans; "--labels"; labels ] "--label 1"
              refused place.Root [ "add"; backbone; "--organ"; "vein"; "--images"; scans ] "--labels DIR"
              Expect.isFalse (Directory.Exists(Path.Combine(place.Root, "x"))) "nothing half-written"

              let exported = punet place.Root [ "export"; $"{path}:prepare(phantoms)"; "--nnunet"; "Dataset001_Phantoms" ]
              Expect.equal exported.Code 0 exported.Error
              let written = Directory.GetFiles(Path.Combine(place.Root, "Dataset001_Phantoms"), "*.nii.gz", SearchOption.AllDirectories)
              Expect.hasLength written 10 "image and label map of every subject"
              refused place.Root [ "export"; $"{path}:prepare(phantoms)"; "--nnunet"; "Dataset001_Phantoms" ] "has something in it"
              refused place.Root [ "export"; $"{path}:promptTune(bladder)"; "--nnunet"; "y" ] "is no prepared dataset"
          }

          test "what cannot be imported, exported or counted is told in one line with code 2" {
              use place = new Workplace()
              let text = place.Write("notes.ckpt", "no weights here")
              refused place.Root [ "import"; text; "-o"; "out" ] "is no checkpoint"
              refused place.Root [ "import"; "none.ckpt"; "-o"; "out"; "--json" ] "There is no file"
              refused place.Root [ "import"; text ] "import needs a folder to write: -o PATH"
              refused place.Root [ "import"; "-o"; "out" ] "import needs something to work on"
              refused place.Root [ "import"; text; "-o"; "out"; "--student-patch"; "64,64" ] "three sizes in voxels"
              refused place.Root [ "import"; text; "-o"; "out"; "--window-hu"; "300,-200" ] "a lower and a higher number"
              refused place.Root [ "import"; text; "-o"; "out"; "--placement"; "ful" ] "did you mean \"full\"?"
              refused place.Root [ "export"; "12ab"; "-o"; "x" ] "12ab is no model"
              refused place.Root [ "params"; place.Root ] "holds no model"
              Expect.isFalse (Directory.Exists(Path.Combine(place.Root, "out"))) "nothing is half-written"
          } ]
