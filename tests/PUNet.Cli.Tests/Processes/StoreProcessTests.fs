module PUNet.Cli.Tests.StoreProcessTests

open System
open System.IO
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest

/// A script of few quick stages; `subjects` decides what it makes.
let private script (place: Workplace) (name: string) (subjects: int) =
    place.Write(
        name,
        "#load \"punet.fsx\"",
        "open PUNet.Dsl",
        "let scans =",
        "    dataset \"phantoms\" {",
        $"        source (phantoms {{ subjects {subjects}; in_plane 32 }})",
        "        split { train 0.6; validation 0.2; test 0.2; seed 1 }",
        "    }",
        "let small =",
        "    network {",
        "        channels [ 4; 4; 4; 8; 8 ]; heads 2; window (4, 4, 1); tokens_per_class 2",
        "        student_patch (32, 32, 1); second_student_patch (32, 32, 1); teacher_patch (32, 32, 1)",
        "    }",
        "let backbone = randomBackbone scans { network small; seed 3 }",
        "let tuned = promptTune backbone { target \"liver\"; epochs 1; crops_per_epoch 2; batch_size 2 }",
        "experiment \"tiny\" { evaluate [ tuned ] }"
    )

let private oneLine (ended: Ended) =
    Expect.equal ended.Code 2 ended.Error
    Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
    ended.Error

let private mode (path: string) = Convert.ToString(int (File.GetUnixFileMode path), 8)

/// Makes everything in a store look as if it was last used an hour ago.
let private age (place: Workplace) =
    for path in Directory.GetDirectories(Path.Combine(place.Root, ".punet", "artifacts")) do
        Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours -1.0)

[<Tests>]
let tests =
    testSequenced
    <| testList
        "stores of the command line"
        [ test "no command touches a folder that is no store, and each says so in one line" {
              use place = new Workplace()
              let path = script place "tiny.fsx" 5

              for folder in [ "work/thesis"; "tmp/a"; "artifacts/b"; "aside/c" ] do
                  Directory.CreateDirectory(Path.Combine(place.Root, folder)) |> ignore
                  place.Write(folder + "/chapter.tex", "text") |> ignore

              let before = Directory.GetFileSystemEntries(place.Root, "*", SearchOption.AllDirectories)

              for words in
                  [ [ "run"; path ]
                    [ "plan"; path ]
                    [ "explain"; path; "table" ]
                    [ "gc"; "--delete" ]
                    [ "verify" ]
                    [ "runs" ]
                    [ "pin"; "ab" ]
                    [ "unpin"; "ab" ]
                    [ "forget"; path ] ] do
                  let error = oneLine (punet place.Root (words @ [ "--store"; "." ]))
                  Expect.stringContains error $"{place.Root} is no store: it holds other files, and no punet-store.json" (string words)

              Expect.equal (Directory.GetFileSystemEntries(place.Root, "*", SearchOption.AllDirectories)) before ""
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              let error = oneLine (punet place.Root [ "gc"; "--store"; "." ])
              Expect.stringContains error $"name the store itself: {place.Root}/.punet" "the store by mistake"
          }

          test "a named store that is not there is told, not found to be in order" {
              use place = new Workplace()

              for command in [ "verify"; "gc"; "runs" ] do
                  let error = oneLine (punet place.Root [ command; "--store"; "stor" ])
                  Expect.stringContains error $"there is no store {place.Root}/stor" command
                  Expect.equal (punet place.Root [ command ]).Code 0 "the store of the folder may be made yet"
          }

          test "what two scripts last ran stays, gc tells why the rest goes, and a forgotten script keeps nothing" {
              use place = new Workplace()
              let first, second = script place "a.fsx" 5, script place "b.fsx" 6

              for path in [ first; second ] do
                  Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""

              age place
              let gc = punet place.Root [ "gc" ]
              Expect.stringContains gc.Output $"that {first} last ran" ""
              Expect.stringContains gc.Output "nothing to clear up" ""

              script place "b.fsx" 7 |> ignore
              Expect.equal (punet place.Root [ "run"; second ]).Code 0 ""
              age place
              let gc = punet place.Root [ "gc" ]
              Expect.stringContains gc.Output $"the last run of {second} uses" ""
              Expect.stringContains gc.Output "would go" ""
              Expect.equal (punet place.Root [ "gc"; "--delete" ]).Code 0 ""

              for path in [ first; second ] do
                  Expect.equal (punet place.Root [ "plan"; path; "--exit-code" ]).Code 0 "whole"

              File.Delete second
              let gc = punet place.Root [ "gc" ]
              Expect.stringContains gc.Output $"the script {second} is gone" ""
              Expect.equal (punet place.Root [ "gc"; "--delete" ]).Code 0 ""
              Expect.equal (punet place.Root [ "plan"; first; "--exit-code" ]).Code 0 "the other one is whole"
              Expect.equal (punet place.Root [ "forget"; "a.fsx" ]).Code 0 ""
              Expect.stringContains (punet place.Root [ "gc" ]).Output "no script's last run needs it" ""
              Expect.stringContains (oneLine (punet place.Root [ "forget"; "a.fsx" ])) "knows no run of a.fsx" ""
          }

          test "everything that a run writes is the owner's alone or the group's, whatever the umask" {
              if OperatingSystem.IsWindows() then
                  skiptest "rights are of another kind"

              for umask, words, folders, files in [ "000", [], "700", "600"; "077", [ "--share-with-group" ], "2770", "660" ] do
                  use place = new Workplace()
                  let path = script place "tiny.fsx" 5
                  let code = punet place.Root [ "graph"; path ] // compiled beforehand
                  Expect.equal code.Code 0 code.Error
                  let library = Path.Combine(AppContext.BaseDirectory, "punet.dll")
                  let words = [ "-c"; $"umask {umask}; exec \"$@\""; "bash"; "dotnet"; library; "run"; path ] @ words
                  let ended = execute place.Root "bash" words
                  Expect.equal ended.Code 0 ended.Error
                  let store = Path.Combine(place.Root, ".punet")
                  Expect.equal (mode store) folders ""

                  for entry in Directory.EnumerateFileSystemEntries(store, "*", SearchOption.AllDirectories) do
                      Expect.equal (mode entry) (if Directory.Exists entry then folders else files) entry
          }

          test "a damaged result is told by runs and gc, and verify sets it aside" {
              use place = new Workplace()
              let path = script place "tiny.fsx" 5
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              let artifacts = Path.Combine(place.Root, ".punet", "artifacts")
              let key = string (Path.GetFileName((Directory.GetDirectories artifacts)[0]))
              File.Delete(Path.Combine(artifacts, key, "provenance.json"))
              Directory.CreateDirectory(Path.Combine(artifacts, key, "provenance.json")) |> ignore
              let runs = punet place.Root [ "runs" ]
              Expect.equal runs.Code 0 runs.Error
              Expect.stringContains runs.Output $"{key[..7]}  damaged: " ""
              Expect.stringContains (punet place.Root [ "gc" ]).Output $"{key[..7]} is damaged" ""
              Expect.equal (punet place.Root [ "plan"; path ]).Code 0 ""
              Expect.equal (punet place.Root [ "verify" ]).Code 1 ""
              Expect.isFalse (Directory.Exists(Path.Combine(artifacts, key))) ""
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              Expect.equal (punet place.Root [ "verify" ]).Code 0 ""
          } ]
