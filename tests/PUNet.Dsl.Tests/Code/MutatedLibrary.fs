/// The bytes of a library, of which one method at a time can be altered.
module PUNet.Dsl.Tests.Code.MutatedLibrary

open System.Reflection.Emit
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Reflection.PortableExecutable
open System.Runtime.InteropServices
open PUNet.Dsl.Engine.Code

/// Where the instructions of a body begin in the file, by the body's address when loaded; the header is of 1 or 12 bytes.
let private instructionsAt (headers: PEHeaders) (file: byte array) address =
    let section = headers.SectionHeaders[headers.GetContainingSectionIndex address]
    let header = address - section.VirtualAddress + section.PointerToRawData
    if file[header] &&& 3uy = 2uy then header + 1 else header + 4 * int (file[header + 1] >>> 4)

/// An instruction without operand that can be replaced by another such one: its offset in the body, and the other.
let private replaceable (body: byte array) =
    let instructions, numberAt = Il.decode body

    [ for offset in 0 .. body.Length - 1 do
          match numberAt offset with
          | number when number < instructions.Length ->
              let code = instructions[number].Code

              if code.OperandType = OperandType.InlineNone && code.Size = 1 then
                  offset, byte (if code = OpCodes.Ret then OpCodes.Throw else OpCodes.Ret).Value
          | _ -> () ]
    |> List.last

/// Alters a method, asks, and puts it back.
let altering (file: byte array) (row: int) (ask: unit -> 'T) : 'T =
    use image = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray file)
    let method = image.GetMetadataReader().GetMethodDefinition(MetadataTokens.MethodDefinitionHandle row)
    let address = method.RelativeVirtualAddress
    let offset, other = replaceable (image.GetMethodBody(address).GetILBytes() |> Option.ofObj |> Option.defaultValue [||])
    let at = instructionsAt image.PEHeaders file address + offset
    let former = file[at]
    file[at] <- other

    try
        ask ()
    finally
        file[at] <- former
