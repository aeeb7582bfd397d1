module PUNet.Dsl.Tests.StatIndexTests

open System
open System.IO
open Expecto
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private falseHash = String('f', 64)

/// A file with an index that claims a false hash for it as it is now: who trusts the index says so.
let private planted (place: Workplace) (file: string) =
    let index = Path.Combine(place.Folder, "files.tsv")
    CheckedText.write index $"{falseHash}\t{FileStatus.Of(file).Stamp}\t{file}\n"
    index

let private at (place: Workplace) (name: string) (text: string) =
    place.Write(name, text)
    let path = Path.Combine(place.Data, name)
    File.SetLastWriteTimeUtc(path, DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc))
    path

/// As `touch -r` does.
let private withOldTime (file: string) (change: unit -> unit) =
    let time = File.GetLastWriteTimeUtc file
    change ()
    File.SetLastWriteTimeUtc(file, time)

let private linuxAlone () =
    if not (OperatingSystem.IsLinux()) then
        skiptest "only Linux tells when a file changed in a way that no program can set"

[<Tests>]
let tests =
    testList
        "stat index"
        [ test "an unchanged file is not read again, unless the index is not trusted" {
              use place = new Workplace()
              let file = at place "a.nii" "one"
              let index = planted place file
              Expect.equal (StatIndex(index, true).Hash file) falseHash "trusted"
              Expect.equal (StatIndex(index, false).Hash file) (Canonical.hashText "one") "read"
              File.WriteAllText(file, "three")
              Expect.equal (StatIndex(index, true).Hash file) (Canonical.hashText "three") "other size"
          }

          test "an edit of the same size is noticed although the time is set back" {
              linuxAlone ()
              use place = new Workplace()
              let file = at place "a.nii" "one"
              let index = planted place file
              withOldTime file (fun () -> File.WriteAllText(file, "two"))
              Expect.equal (StatIndex(index, true).Hash file) (Canonical.hashText "two") ""
          }

          test "a file that another one of the same size and time was renamed over is noticed" {
              linuxAlone ()
              use place = new Workplace()
              let file, other = at place "a.nii" "one", at place "b.nii" "two"
              let index = planted place file
              File.Move(other, file, true)
              Expect.equal (StatIndex(index, true).Hash file) (Canonical.hashText "two") ""
          }

          test "what a link leads to counts: an edit of it, and a link that is led elsewhere" {
              linuxAlone ()
              use place = new Workplace()
              let target, other = at place "real/a.nii" "one", at place "real/b.nii" "two"
              let link = Path.Combine(place.Data, "link.nii")
              File.CreateSymbolicLink(link, target) |> ignore
              let index = planted place link
              Expect.equal (StatIndex(index, true).Hash link) falseHash "trusted"
              File.Delete link
              File.CreateSymbolicLink(link, other) |> ignore
              Expect.equal (StatIndex(index, true).Hash link) (Canonical.hashText "two") "led elsewhere"
              let index = planted place link
              withOldTime other (fun () -> File.WriteAllText(other, "six"))
              Expect.equal (StatIndex(index, true).Hash link) (Canonical.hashText "six") "edited"

              let folders = Path.Combine(place.Data, "folder")
              Directory.CreateSymbolicLink(folders, Path.Combine(place.Data, "real")) |> ignore
              let inside = Path.Combine(folders, "a.nii")
              let index = planted place inside
              at place "real2/a.nii" "ten" |> ignore
              Directory.Delete folders
              Directory.CreateSymbolicLink(folders, Path.Combine(place.Data, "real2")) |> ignore
              Expect.equal (StatIndex(index, true).Hash inside) (Canonical.hashText "ten") "a folder on the way led elsewhere"
          }

          test "a file that changed just now is not remembered: a further change might keep its times" {
              use place = new Workplace()
              let file = at place "a.nii" "one"
              let path = Path.Combine(place.Folder, "files.tsv")
              let index = StatIndex(path, true)
              Expect.equal (index.Hash file) (Canonical.hashText "one") ""
              index.Save()
              Expect.isFalse (File.Exists path) "nothing was learned"
          }

          test "what eight save at a time is all there afterwards, with what was there before" {
              use place = new Workplace()
              let path = Path.Combine(place.Folder, "files.tsv")
              let old = at place "old.nii" "old"
              planted place old |> ignore
              let files = Directory.GetFiles(AppContext.BaseDirectory, "*.dll") |> Array.sort |> Array.truncate 16
              Expect.hasLength files 16 ""

              files
              |> Array.chunkBySize 2
              |> Array.Parallel.iter (fun own ->
                  let index = StatIndex(path, true)

                  for file in own do
                      index.Hash file |> ignore
                      index.Save())

              let rows = File.ReadLines path |> Seq.map _.Split('\t') |> Seq.filter (fun row -> row.Length = 3)
              let saved = [ for row in rows -> row[2] ]
              Expect.sequenceEqual saved (Array.append files [| old |] |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))) ""
          }

          test "an index that is damaged or cannot be read costs reading, and nothing else" {
              use place = new Workplace()
              let file = at place "a.nii" "one"
              let index = planted place file
              File.WriteAllText(index, $"abc\t{FileStatus.Of(file).Stamp}\t{file}\n\000\000\n\tx\n")
              Expect.equal (StatIndex(index, true).Hash file) (Canonical.hashText "one") "damaged"
              File.Delete index
              Directory.CreateDirectory index |> ignore
              Expect.equal (StatIndex(index, true).Hash file) (Canonical.hashText "one") "no file at all"
          } ]
