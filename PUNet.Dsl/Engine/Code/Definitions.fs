/// What a reference means, where that is defined in the libraries.
module internal PUNet.Dsl.Engine.Code.Definitions

open System
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// The type of any kind of handle; of a generic instantiation the generic type.
let ofType (libraries: CodeLibraries) library (handle: EntityHandle) : TypeId option =
    match handle.Kind with
    | HandleKind.TypeDefinition -> Some(struct (library, MetadataTokens.GetRowNumber handle))
    | HandleKind.TypeReference -> libraries.Reference(library, TypeReferenceHandle.op_Explicit handle) |> snd
    | HandleKind.TypeSpecification ->
        let mutable first = None

        let catching =
            SignatureNames(
                libraries,
                library,
                fun id ->
                    (if first.IsNone then
                         first <- Some id)

                    libraries.TypeName id
            )

        let name = catching.Type handle
        // the first type named is the generic one, unless that one is not ours and only an argument is
        first |> Option.filter (fun id -> name.StartsWith(libraries.TypeName id + "<", StringComparison.Ordinal))
    | _ -> None

/// The field of a name in the type that a reference names as its parent.
let ofField (libraries: CodeLibraries) library (parent: EntityHandle) (name: string) =
    ofType libraries library parent
    |> Option.bind (fun owner ->
        let struct (at, _) = owner
        let reader = libraries.Reader at

        libraries.Type(owner).GetFields()
        |> Seq.tryFind (fun handle -> reader.GetString(reader.GetFieldDefinition(handle).Name) = name)
        |> Option.map (fun handle -> struct (at, MetadataTokens.GetRowNumber handle)))

/// The method of a name and signature in the type that a reference names as its parent.
let ofMethod (libraries: CodeLibraries) library (parent: EntityHandle) (name: string) (signature: string) : MethodId option =
    ofType libraries library parent
    |> Option.bind (fun owner ->
        let struct (at, _) = owner
        let plain = SignatureNames(libraries, at, libraries.TypeName)

        libraries.Methods owner
        |> List.filter (fun method -> libraries.MethodName method = name)
        |> function
            | [ only ] -> Some only
            | several ->
                several |> List.tryFind (fun method -> plain.Method(libraries.Method(method).DecodeSignature(plain, null)) = signature))
