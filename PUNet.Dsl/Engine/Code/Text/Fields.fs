/// What fields are called, and the data that some stand for.
module internal PUNet.Dsl.Engine.Code.Fields

open System
open System.Reflection.Metadata
open System.Text.RegularExpressions

/// A name without the line of its file that F# adds.
let name (own: string) = Regex.Replace(own, @"@\d+(-\d+)?", "@")

/// Whether every thread has a value of its own.
let isOfThread (libraries: CodeLibraries) library (field: FieldDefinition) =
    let reader = libraries.Reader library

    field.GetCustomAttributes()
    |> Seq.exists (fun handle ->
        match reader.GetCustomAttribute(handle).Constructor with
        | made when made.Kind = HandleKind.MemberReference ->
            let parent = reader.GetMemberReference(MemberReferenceHandle.op_Explicit made).Parent
            SignatureNames(libraries, library, libraries.TypeName).Type parent = "System.ThreadStaticAttribute"
        | _ -> false)

/// The bytes that a field with initial data starts from, in hexadecimal digits.
let data (libraries: CodeLibraries) library (field: FieldDefinition) =
    let reader = libraries.Reader library
    let signature = reader.GetBlobReader field.Signature
    signature.ReadSignatureHeader() |> ignore

    let size =
        match signature.ReadSignatureTypeCode() with
        | SignatureTypeCode.TypeHandle ->
            let handle = signature.ReadTypeHandle()

            if handle.Kind = HandleKind.TypeDefinition then
                reader.GetTypeDefinition(TypeDefinitionHandle.op_Explicit handle).GetLayout().Size
            else
                0
        | SignatureTypeCode.Int64
        | SignatureTypeCode.UInt64
        | SignatureTypeCode.Double -> 8
        | SignatureTypeCode.Int32
        | SignatureTypeCode.UInt32
        | SignatureTypeCode.Single -> 4
        | SignatureTypeCode.Int16
        | SignatureTypeCode.UInt16 -> 2
        | _ -> 1

    Convert.ToHexString((libraries.Data library field size).AsSpan())
