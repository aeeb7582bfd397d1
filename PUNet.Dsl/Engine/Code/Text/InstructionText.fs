namespace PUNet.Dsl.Engine.Code

open System
open System.Reflection.Emit
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// Writes instructions with all names resolved, so that tokens and addresses do not matter.
[<Sealed>]
type internal InstructionText(libraries: CodeLibraries, names: CodeNames) =
    member private _.Reference(library: int, handle: MemberReferenceHandle, isVirtual, makesObject, isStatic) =
        let reader = libraries.Reader library
        let reference = reader.GetMemberReference handle
        let name = reader.GetString reference.Name
        let parent = names.Names(library).Type reference.Parent

        match reference.GetKind() with
        | MemberReferenceKind.Field ->
            match Definitions.ofField libraries library reference.Parent name with
            | Some(struct (at, row)) -> $"{parent}!{names.Field(at, row, isStatic)}"
            | None -> $"{parent}::{name}"
        | _ ->
            let signature = SignatureNames(libraries, library, libraries.TypeName).Method reference

            match Definitions.ofMethod libraries library reference.Parent name signature with
            | [] -> $"{parent}::{name}{names.Names(library).Method reference}"
            | found ->
                let found = found |> List.map (fun id -> names.Call(id, isVirtual, makesObject))
                $"""{parent}!{String.Join(" or ", found)}"""

    /// What a token of an instruction stands for.
    member private writer.Token(library: int, token: int, code: OpCode) : string =
        let reader = libraries.Reader library
        let handle = MetadataTokens.EntityHandle token
        let isVirtual = code = OpCodes.Callvirt || code = OpCodes.Ldvirtftn || code = OpCodes.Ldtoken
        let makesObject = code = OpCodes.Newobj
        let isStatic = code = OpCodes.Ldsfld || code = OpCodes.Stsfld || code = OpCodes.Ldsflda || code = OpCodes.Ldtoken

        match handle.Kind with
        | HandleKind.MethodDefinition -> names.Call(struct (library, MetadataTokens.GetRowNumber handle), isVirtual, makesObject)
        | HandleKind.FieldDefinition -> names.Field(library, MetadataTokens.GetRowNumber handle, isStatic)
        | HandleKind.MemberReference ->
            writer.Reference(library, MemberReferenceHandle.op_Explicit handle, isVirtual, makesObject, isStatic)
        | HandleKind.MethodSpecification ->
            let specification = reader.GetMethodSpecification(MethodSpecificationHandle.op_Explicit handle)
            let arguments = names.Names(library).Arguments specification
            $"{writer.Token(library, MetadataTokens.GetToken specification.Method, code)}<{arguments}>"
        | HandleKind.StandaloneSignature ->
            names.Names(library).Method(reader.GetStandaloneSignature(StandaloneSignatureHandle.op_Explicit handle))
        | _ ->
            let named = names.Names(library).Named handle

            if code = OpCodes.Ldtoken then
                named.Parts |> List.iter names.Hand
            elif code = OpCodes.Box || code = OpCodes.Constrained || code = OpCodes.Initobj || code = OpCodes.Newarr then
                named.Parts |> List.iter names.Make

            named.Text

    member private writer.Operand(library: int, instruction: Instruction) =
        match instruction.Code.OperandType with
        | OperandType.InlineString ->
            let handle = MetadataTokens.UserStringHandle(int instruction.Operand &&& 0xFFFFFF)
            $"\"{libraries.Reader(library).GetUserString handle}\""
        | OperandType.InlineMethod
        | OperandType.InlineField
        | OperandType.InlineType
        | OperandType.InlineTok
        | OperandType.InlineSig -> writer.Token(library, int instruction.Operand, instruction.Code)
        | OperandType.InlineNone -> ""
        | _ when not instruction.Jumps.IsEmpty -> String.Join(",", instruction.Jumps)
        | _ -> string instruction.Operand

    /// Every instruction in a line. Where a match has no case F# names file and line: the three instructions before the exception
    /// is made.
    member writer.Lines(library: int, instructions: Instruction array) : string array =
        let lines = instructions |> Array.map (fun instruction -> $"{instruction.Code.Name} {writer.Operand(library, instruction)}")

        for i in 3 .. lines.Length - 1 do
            if lines[i].Contains("MatchFailureException::.ctor", StringComparison.Ordinal) then
                for before in i - 3 .. i - 1 do
                    lines[before] <- "place"

        lines
