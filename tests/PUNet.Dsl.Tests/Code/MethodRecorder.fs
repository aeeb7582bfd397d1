/// A copy of PUNet.Core in which every method notes that it was called: what stages run, found without reading any code.
module PUNet.Dsl.Tests.Code.MethodRecorder

open System.Reflection
open Mono.Cecil
open Mono.Cecil.Cil

let private recorder = "CalledMethods"
let private notes = "Rows"

/// A class with an array of one byte for every row of the table of methods.
let private addRecorder (library: ModuleDefinition) rows =
    let attributes = TypeAttributes.Public ||| TypeAttributes.Abstract ||| TypeAttributes.Sealed
    let kind = TypeDefinition("", recorder, attributes, library.TypeSystem.Object)
    let field = FieldDefinition(notes, FieldAttributes.Public ||| FieldAttributes.Static, ArrayType library.TypeSystem.Byte)

    let initialiser =
        MethodDefinition(
            ".cctor",
            MethodAttributes.Static ||| MethodAttributes.SpecialName ||| MethodAttributes.RTSpecialName,
            library.TypeSystem.Void
        )

    let write = initialiser.Body.GetILProcessor()
    write.Emit(OpCodes.Ldc_I4, (rows: int))
    write.Emit(OpCodes.Newarr, library.TypeSystem.Byte)
    write.Emit(OpCodes.Stsfld, field)
    write.Emit OpCodes.Ret
    kind.Fields.Add field
    kind.Methods.Add initialiser
    library.Types.Add kind
    field

/// Writes the copy of a library.
let write (source: string) (target: string) =
    use assembly = AssemblyDefinition.ReadAssembly source
    let library = assembly.MainModule

    let methods =
        [ for kind in library.GetTypes() do
              yield! List.ofSeq kind.Methods ]
        |> List.filter _.HasBody

    let field = addRecorder library (1 + (methods |> List.map _.MetadataToken.RID |> List.max |> int))

    for method in methods do
        let write = method.Body.GetILProcessor()
        let first = method.Body.Instructions[0]

        for instruction in
            [ Instruction.Create(OpCodes.Ldsfld, field)
              Instruction.Create(OpCodes.Ldc_I4, int method.MetadataToken.RID)
              Instruction.Create OpCodes.Ldc_I4_1
              Instruction.Create OpCodes.Stelem_I1 ] do
            write.InsertBefore(first, instruction)

    assembly.Write target

/// The notes of the copy that runs in this process, by the methods' rows in the original.
let rows (library: Assembly) : byte array =
    match library.GetType(recorder, true) |> nonNull |> _.GetField(notes) |> nonNull |> _.GetValue(null) with
    | :? (byte array) as found -> found
    | other -> invalidOp $"{other} are no notes"
