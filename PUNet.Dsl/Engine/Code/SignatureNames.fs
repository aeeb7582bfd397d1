namespace PUNet.Dsl.Engine.Code

open System.Collections.Immutable
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// Writes signatures with the names of their types; `nameOf` names the types of the libraries themselves.
[<Sealed>]
type SignatureNames(libraries: CodeLibraries, library: int, nameOf: TypeId -> string) =
    let joined (items: ImmutableArray<string>) = System.String.Join(",", items)

    member private names.Decode(handle: TypeSpecificationHandle) =
        libraries.Reader(library).GetTypeSpecification(handle).DecodeSignature(names, null)

    /// The name of a type by any kind of handle.
    member names.Type(handle: EntityHandle) : string =
        match handle.Kind with
        | HandleKind.TypeDefinition -> nameOf (struct (library, MetadataTokens.GetRowNumber handle))
        | HandleKind.TypeReference ->
            match libraries.Reference(library, TypeReferenceHandle.op_Explicit handle) with
            | _, Some id -> nameOf id
            | name, None -> name
        | HandleKind.TypeSpecification -> names.Decode(TypeSpecificationHandle.op_Explicit handle)
        | _ -> ""

    /// (parameters) → result, with the number of type parameters.
    member _.Method(signature: MethodSignature<string>) =
        let generic = if signature.GenericParameterCount > 0 then $"`{signature.GenericParameterCount}" else ""
        let instance = if signature.Header.IsInstance then "instance " else ""
        $"{instance}{generic}({joined signature.ParameterTypes})→{signature.ReturnType}"

    /// The plain names, where every type of the libraries that is not made up is noted as it is named.
    static member Noting(libraries: CodeLibraries, library: int, note: TypeId -> unit) =
        SignatureNames(
            libraries,
            library,
            fun id ->
                (if not (libraries.IsGenerated id) then
                     note id)

                libraries.TypeName id
        )

    interface ISignatureTypeProvider<string, obj | null> with
        member _.GetPrimitiveType code = string code
        member names.GetTypeFromDefinition(_, handle, _) = names.Type(TypeDefinitionHandle.op_Implicit handle)
        member names.GetTypeFromReference(_, handle, _) = names.Type(TypeReferenceHandle.op_Implicit handle)
        member names.GetTypeFromSpecification(_, _, handle, _) = names.Decode handle
        member _.GetGenericInstantiation(kind, arguments) = $"{kind}<{joined arguments}>"
        member _.GetGenericTypeParameter(_, index) = $"!{index}"
        member _.GetGenericMethodParameter(_, index) = $"!!{index}"
        member _.GetSZArrayType item = item + "[]"
        member _.GetArrayType(item, shape) = $"{item}[{shape.Rank}]"
        member _.GetByReferenceType item = item + "&"
        member _.GetPointerType item = item + "*"
        member _.GetPinnedType item = item
        member _.GetModifiedType(_, item, _) = item

        member names.GetFunctionPointerType signature = "fn" + names.Method signature
