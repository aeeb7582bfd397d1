/// What a dataset's stage reads, against what its key holds.
module PUNet.Dsl.Tests.SourceTests

open System
open System.IO
open System.Threading
open Expecto
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.SourceLayouts

let private options (place: ScanFolder) (store: string) =
    let options = RunOptions.inFolders store place.Root

    { options with
        Environment = { options.Environment with Code = (fun _ -> "1"); Functions = fun _ -> Map.empty } }

let private prepare (place: ScanFolder) store (scans: Dataset) =
    let mutable ran = false

    let runner (work: StageWork) =
        ran <- true
        Stages.runner "cpu" 1 work

    let result = Executor.run (options place store) runner ignore CancellationToken.None (Graph.ofOutputs [ scans.Stage.Node ])
    snd result.Outcomes.Head, ran

let private mustSucceed (outcome: StageOutcome) =
    match outcome with
    | StageOutcome.Failed(reason, _) -> failtest reason
    | _ -> ()

let private read (place: ScanFolder) (scans: Dataset) =
    match scans.Stage.Node.Inputs with
    | [ _, StageInput.Files(path, layout) ] -> UserFiles.read (StatIndex(place.At "none/index", false)) place.Root path layout
    | other -> failtest $"{other}"

let private sound (source: Result<UserFiles.UserSource, string>) =
    match source with
    | Ok source -> source
    | Error what -> failtest what

/// What a path leads to, folders on the way included.
let private real (path: string) =
    let mutable at = "/"

    for part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries) do
        let next = Path.Combine(at, part)

        at <-
            match FileInfo(next).ResolveLinkTarget true with
            | null -> next
            | target -> target.FullName

    at

/// Names, besides those that belong to a layout, of files that nobody asked for.
let private strangers =
    [ "d/backup/9_ct.nii.gz"; "d/images/thumbnails/1.nii.gz"; "d/notes.txt"; "d/list.csv.bak"; "d/images/.hidden.nii.gz" ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "sources"
        [ for name, write, declare in SourceLayouts.all do
              test $"{name}: what is opened is in the key, and every file of the key counts" {
                  if not (OperatingSystem.IsLinux()) then
                      skiptest "files are traced as Linux tells them"

                  use place = new ScanFolder()
                  use store = new ScanFolder()
                  write place
                  strangers |> List.iter (fun stranger -> place.Text(stranger, "no scan"))
                  let scans = declare ()
                  let before = sound (read place scans)
                  let names = [ for struct (file, _) in before.Dataset.Files -> file ]
                  let path file = Path.GetFullPath(Path.Combine(before.Dataset.Folder, file))

                  use opened = new OpenedFiles([ place.Root ])
                  let outcome, _ = prepare place store.Root scans
                  let traced = opened.Paths
                  mustSucceed outcome
                  let listed = names |> List.map (path >> real) |> Set.ofList
                  Expect.isEmpty (traced - listed) "opened, but not hashed"
                  Expect.isGreaterThan traced.Count ids.Length "traced at all"

                  for file in names do
                      let content = File.ReadAllBytes(path file)
                      File.WriteAllBytes(path file, Array.append content [| 10uy |])
                      Expect.notEqual (sound (read place scans)).Content before.Content file
                      File.WriteAllBytes(path file, content)

                  Expect.equal (sound (read place scans)).Content before.Content "the same files again"
              }

          test "what a table or a folder says of subjects is in the key, and where the folder lies is not" {
              use place = new ScanFolder()
              writePairs place (sprintf "d/%s.nii") (sprintf "d/%s_seg.nii")

              let scans =
                  dataset "toy" {
                      source (CsvList.inFolder (data "d") "list.csv")
                      classes [ 1, "liver" ]
                  }

              let contents =
                  [ for head, row in
                        [ "id,image,label", ""
                          "id,image,label,part", ",test"
                          "id,image,label,patient", ",p"
                          "id,image,label,domain", ",x" ] do
                        place.Text("d/list.csv", head + "\n" + String.concat "" [ for id in ids -> $"{id},{id}.nii,{id}_seg.nii{row}\n" ])
                        (sound (read place scans)).Content ]

              Expect.equal (List.distinct contents).Length 4 ""
              let moved = place.At "elsewhere/d"
              Directory.Move(place.At "d", moved)
              let index = StatIndex(place.At "none/index", false)

              match UserFiles.read index (place.At "elsewhere") (data "d") scans.Options.OnDisk with
              | Ok source -> Expect.equal source.Content (List.last contents) ""
              | Error what -> failtest what
          }

          test "which subjects the same files are is in the key" {
              use place = new ScanFolder()
              writePairs place (sprintf "d/s%s_ct.nii.gz") (sprintf "d/s%s_seg.nii.gz")

              let contents =
                  [ for image, labels in [ "{id}_ct", "{id}_seg"; "s{id}_ct", "s{id}_seg" ] do
                        let layout = PairedFolders(Image = image, Label = labels)

                        match UserFiles.read (StatIndex(place.At "none/index", false)) place.Root (data "d") layout with
                        | Ok source ->
                            Expect.hasLength source.Dataset.Files 10 ""
                            source.Content
                        | Error what -> failtest what ]

              Expect.notEqual contents[0] contents[1] ""
          }

          test "a store below the data, backups and other strangers are no reason to run again" {
              use place = new ScanFolder()
              writePairs place (sprintf "d/%s_ct.nii.gz") (sprintf "d/%s_seg.nii.gz")

              let scans () =
                  dataset "toy" {
                      source (Folder.pairs (data "d") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
                      classes [ 1, "liver" ]
                  }

              for store in [ "d/.punet"; "d/results" ] do
                  Expect.equal (snd (prepare place (place.At store) (scans ()))) true "the first time"
                  strangers |> List.iter (fun stranger -> place.Text(stranger, Guid.NewGuid().ToString()))
                  Expect.equal (snd (prepare place (place.At store) (scans ()))) false "again"
          }

          test "a pipe among the files is told and not waited for" {
              if OperatingSystem.IsWindows() then
                  skiptest "pipes are no files there"

              use place = new ScanFolder()
              writePairs place (sprintf "d/%s_ct.nii.gz") (sprintf "d/%s_seg.nii.gz")

              let scans =
                  dataset "toy" {
                      source (Folder.pairs (data "d") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
                      classes [ 1, "liver" ]
                  }

              place.Pipe "d/other"
              Expect.isOk (read place scans) "one that no layout asks for"
              File.Delete(place.At "d/3_ct.nii.gz")
              place.Pipe "d/3_ct.nii.gz"

              match (Plan.make (options place (place.At "store")) (Graph.ofOutputs [ scans.Stage.Node ])).Head.Status with
              | PlanStatus.MissingInput what -> Expect.stringContains what "3_ct.nii.gz: is a pipe" ""
              | other -> failtest $"{other}"
          } ]
