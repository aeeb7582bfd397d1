module PUNet.Cli.Tests.DataTests

open System.IO
open System.Text.Json
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Core.Imaging

/// Phantoms below the folder `scans`.
let private scans (place: Workplace) =
    let folder = Path.Combine(place.Root, "scans")

    let options =
        PhantomOptions(
            Subjects = 4,
            InPlane = 32,
            Slices = struct (11, 11),
            InPlaneSpacing = struct (11.0, 12.0),
            SliceSpacing = struct (18.0, 19.0)
        )

    PhantomGenerator.Write(options, folder, ignore, Unchecked.defaultof<_>)
    folder

let private first (folder: string) (kind: string) = Directory.GetFiles(Path.Combine(folder, kind)) |> Array.sort |> Array.head

[<Tests>]
let tests =
    testSequenced
    <| testList
        "data check"
        [ test "a sound dataset ends with code 0 and a table" {
              use place = new Workplace()
              let ended = punet place.Root [ "data"; "check"; scans place ]
              Expect.equal ended.Code 0 ended.Error
              Expect.stringContains ended.Output "4 subjects" ""
              Expect.stringContains ended.Output "spacing in mm, axis 3" ""
              Expect.stringContains ended.Error "0 errors" ""
          }

          test "an error in the data ends with code 1, and is told with its file and remedy, also as JSON" {
              use place = new Workplace()
              let folder = scans place
              File.Delete(first folder "labels")
              let told = punet place.Root [ "data"; "check"; folder ]
              Expect.equal told.Code 1 told.Error
              let image = Path.Combine("images", string (Path.GetFileName(first folder "images")))
              Expect.stringContains told.Output $"error: {image} has no label map. [no labels]" ""
              Expect.stringContains told.Output "Add the label map" ""

              let json = punet place.Root [ "data"; "check"; folder; "--json" ]
              Expect.equal json.Code 1 ""

              let events =
                  [ for line in json.Lines do
                        use document = JsonDocument.Parse line
                        document.RootElement.GetProperty("event").GetString() ]

              Expect.equal (List.distinct events) [ "finding"; "subject"; "summary" ] json.Output
              Expect.equal (events |> List.filter ((=) "subject") |> List.length) 3 json.Output
          }

          test "a label that --classes does not name is an error" {
              use place = new Workplace()
              let ended = punet place.Root [ "data"; "check"; scans place; "--classes"; "1=liver" ]
              Expect.equal ended.Code 1 ""
              Expect.stringContains ended.Output "unknown label" ""
          }

          test "words that cannot be understood end with one line and code 2" {
              use place = new Workplace()
              let empty = Directory.CreateDirectory(Path.Combine(place.Root, "empty")).FullName
              let folder = scans place

              for words, expected in
                  [ [ "check" ], "punet data check DIR"
                    [ "chek"; folder ], "punet data check DIR"
                    [ "check"; Path.Combine(place.Root, "none") ], "does not exist"
                    [ "check"; empty ], "looks like no layout that is known"
                    [ "check"; folder; "--layout"; "nnunett" ], "did you mean \"nnunet\"?"
                    [ "check"; folder; "--layout"; "nnunet" ], "dataset.json"
                    [ "check"; folder; "--image"; "{id}" ], "go together"
                    [ "check"; folder; "--image"; "a"; "--labels"; "{id}" ], "given 'a'"
                    [ "check"; folder; "--classes"; "liver" ], "--classes takes"
                    [ "check"; folder; "--unit"; "mm" ], "--unit is hu or any"
                    [ "check"; folder; "--group-by"; "(" ], "no regular expression"
                    [ "check"; folder; "--jobs"; "0" ], "--jobs" ] do
                  let ended = punet place.Root ("data" :: words)
                  Expect.equal ended.Code 2 (string words)
                  Expect.stringContains ended.Error expected (string words)
                  Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
          } ]
