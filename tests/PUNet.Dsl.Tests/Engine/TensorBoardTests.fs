module PUNet.Dsl.Tests.TensorBoardTests

open System
open System.IO
open System.Text
open Expecto
open PUNet.Core.Common
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private masked content =
    let crc = TensorBoard.Checksum content
    ((crc >>> 15) ||| (crc <<< 17)) + 0xa282ead8u

/// The records of a file; fails where a checksum is wrong.
let private records (path: string) =
    use reader = new BinaryReader(File.OpenRead path)

    [ while reader.BaseStream.Position < reader.BaseStream.Length do
          let length = reader.ReadBytes 8
          Expect.equal (reader.ReadUInt32()) (masked length) "checksum of the length"
          let content = reader.ReadBytes(BitConverter.ToInt32(length, 0))
          Expect.equal (reader.ReadUInt32()) (masked content) "checksum of the content"
          content ]

/// Fields of a protocol buffer: number and content; varints as their bytes.
let rec private fields (content: byte array) =
    let varint (at: int) =
        let mutable at, shift, value = at, 0, 0UL

        while content[at] >= 0x80uy do
            value <- value ||| (uint64 (content[at] &&& 0x7Fuy) <<< shift)
            shift <- shift + 7
            at <- at + 1

        value ||| (uint64 content[at] <<< shift), at + 1

    let rec read at =
        if at >= content.Length then
            []
        else
            let key, at = varint at

            match key &&& 7UL with
            | 0UL -> let value, next = varint at in (int (key >>> 3), BitConverter.GetBytes value) :: read next
            | 1UL -> (int (key >>> 3), content[at .. at + 7]) :: read (at + 8)
            | 5UL -> (int (key >>> 3), content[at .. at + 3]) :: read (at + 4)
            | _ -> let length, at = varint at in (int (key >>> 3), content[at .. at + int length - 1]) :: read (at + int length)

    read 0

let private field number content = fields content |> List.find (fun (found, _) -> found = number) |> snd

[<Tests>]
let tests =
    testList
        "TensorBoard"
        [ test "the checksum is that of the Castagnoli polynomial" {
              Expect.equal (TensorBoard.Checksum(Encoding.ASCII.GetBytes "123456789")) 0xE3069283u "the published check value"
              Expect.equal (TensorBoard.Checksum(Array.zeroCreate 32)) 0x8A9136AAu "32 zeros, RFC 3720"
          }

          test "a file begins with its version, then every scalar has its tag, step, time and value" {
              use place = new Workplace()
              let path = Path.Combine(place.Folder, "events.out.tfevents.1.m")
              let time = DateTimeOffset.FromUnixTimeMilliseconds 1700000000500L
              TensorBoard(path).Add(time, "loss/focal", 300L, 0.25)
              TensorBoard(path).Add(time, "dice – ä", 5_000_000_000L, -1.5)
              let found = records path
              Expect.hasLength found 3 "one version"
              Expect.equal (Encoding.UTF8.GetString(field 3 found[0])) "brain.Event:2" ""
              let scalar (event: byte array) = field 5 event |> field 1
              Expect.equal (BitConverter.ToDouble(field 1 found[1], 0)) 1700000000.5 "seconds"
              Expect.equal (BitConverter.ToInt64(field 2 found[1], 0)) 300L "step"
              Expect.equal (Encoding.UTF8.GetString(scalar found[1] |> field 1)) "loss/focal" "tag"
              Expect.equal (BitConverter.ToSingle(scalar found[1] |> field 2, 0)) 0.25f "value"
              Expect.equal (BitConverter.ToInt64(field 2 found[2], 0)) 5_000_000_000L "a step beyond 32 bits"
              Expect.equal (Encoding.UTF8.GetString(scalar found[2] |> field 1)) "dice – ä" ""
          }

          test "figures that a stage reports lie beside its result, in the log that does not count as content" {
              use place = new Workplace()
              writeToyData place
              let runner = FakeRunner()
              runner.Before <- fun work -> work.Report(StageEvent.Metric("loss", 1L, 0.5))
              runSmall place runner 5 |> ignore
              let store = Store.at place.Store
              let entry = Store.entries store |> List.find (fun entry -> entry.Label = "pretrain")
              let files = Directory.GetFiles(Path.Combine(store.Artifact entry.Key, "log"), "events.out.tfevents.*")
              Expect.hasLength files 1 ""
              Expect.hasLength (records files[0]) 2 ""
              runner.Before <- ignore
              runner.Forget()
              runner.Run({ place.Options with Force = Set [ "pretrain" ] }, (smallExperiment 5).Outputs) |> ignore
              Expect.equal runner.Ran [ "pretrain" ] "the same content without them"
          } ]
