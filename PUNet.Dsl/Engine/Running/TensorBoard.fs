namespace PUNet.Dsl.Engine

open System
open System.Buffers.Binary
open System.IO
open System.Numerics
open System.Text

/// Writes figures as TensorBoard reads them: records framed as in TFRecord files, each an Event message with a Summary of one
/// scalar, encoded as protocol buffers by hand.
[<Sealed>]
type TensorBoard(path: string) =
    let gate = obj ()

    static let varint (stream: Stream) (value: uint64) =
        let mutable left = value

        while left >= 0x80UL do
            stream.WriteByte(byte (left ||| 0x80UL))
            left <- left >>> 7

        stream.WriteByte(byte left)

    /// Key of a field: its number and how it is written; 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
    static let key (stream: Stream) field wire = varint stream (uint64 (field <<< 3 ||| wire))

    static let bytes (stream: Stream) field (content: byte array) =
        key stream field 2
        varint stream (uint64 content.Length)
        stream.Write content

    static let message (write: Stream -> unit) =
        use stream = new MemoryStream()
        write stream
        stream.ToArray()

    static let event (time: DateTimeOffset) (step: int64) (write: Stream -> unit) =
        message (fun stream ->
            key stream 1 1
            let seconds = float (time.ToUnixTimeMilliseconds()) / 1000.0
            stream.Write(BitConverter.GetBytes seconds)
            key stream 2 0
            varint stream (uint64 step)
            write stream)

    /// CRC-32C of bytes.
    static let checksum (content: byte array) =
        ~~~(content |> Array.fold (fun crc (value: byte) -> BitOperations.Crc32C(crc, value)) UInt32.MaxValue)

    /// The checksum as records hold it: rotated and shifted, so that checksums of checksums are no trouble.
    static let masked (content: byte array) = BitOperations.RotateRight(checksum content, 15) + 0xa282ead8u

    static let record (content: byte array) =
        let length: byte array = Array.zeroCreate 8
        BinaryPrimitives.WriteUInt64LittleEndian(length, uint64 content.Length)
        Array.concat [ length; BitConverter.GetBytes(masked length); content; BitConverter.GetBytes(masked content) ]

    let append (content: byte array) =
        lock gate (fun () ->
            use stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)

            if stream.Length = 0L then
                let version = event DateTimeOffset.UtcNow 0L (fun stream -> bytes stream 3 (Encoding.UTF8.GetBytes "brain.Event:2"))
                stream.Write(record version)

            stream.Write(record content))

    /// CRC-32C of bytes.
    static member Checksum(content: byte array) = checksum content

    /// The name of a new file, by the time of its beginning, the machine and the process.
    static member FileName(time: DateTimeOffset) =
        $"events.out.tfevents.{time.ToUnixTimeSeconds()}.{Environment.MachineName}.{Environment.ProcessId}"

    /// Adds a scalar; `step` is whatever the figure is counted by.
    member _.Add(time: DateTimeOffset, tag: string, step: int64, value: float) =
        let summary =
            message (fun stream ->
                bytes
                    stream
                    1
                    (message (fun stream ->
                        bytes stream 1 (Encoding.UTF8.GetBytes tag)
                        key stream 2 5
                        stream.Write(BitConverter.GetBytes(float32 value)))))

        append (event time step (fun stream -> bytes stream 5 summary))
