namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Immutable
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// Writes signatures with the names of their types. `nameOf` names the types of the libraries themselves; `hand` is told of those
/// that are arguments of something generic, which may make them without naming them.
[<Sealed>]
type SignatureNames(libraries: CodeLibraries, library: int, nameOf: TypeId -> string, hand: TypeId -> unit) =
    let joined (items: ImmutableArray<SignatureType>) = String.Join(",", items |> Seq.map _.Text)
    let outside text = { Text = text; Head = ValueNone; Parts = [] }

    let own id = { Text = nameOf id; Head = ValueSome id; Parts = [ id ] }

    /// An array, a pointer and the like.
    let made (item: SignatureType) (suffix: string) = { item with Text = item.Text + suffix; Head = ValueNone }

    let written (signature: MethodSignature<SignatureType>) =
        let generic = if signature.GenericParameterCount > 0 then $"`{signature.GenericParameterCount}" else ""
        let instance = if signature.Header.IsInstance then "instance " else ""
        $"{instance}{generic}({joined signature.ParameterTypes})→{signature.ReturnType.Text}"

    new(libraries, library, nameOf) = SignatureNames(libraries, library, nameOf, ignore)

    /// A type by any kind of handle.
    member names.Named(handle: EntityHandle) : SignatureType =
        match handle.Kind with
        | HandleKind.TypeDefinition -> own (struct (library, MetadataTokens.GetRowNumber handle))
        | HandleKind.TypeReference ->
            match libraries.Reference(library, TypeReferenceHandle.op_Explicit handle) with
            | _, Some id -> own id
            | name, None -> outside name
        | HandleKind.TypeSpecification ->
            let specification = libraries.Reader(library).GetTypeSpecification(TypeSpecificationHandle.op_Explicit handle)
            specification.DecodeSignature(names, null)
        | _ -> outside ""

    /// The name of a type by any kind of handle.
    member names.Type(handle: EntityHandle) : string = names.Named(handle).Text

    /// (parameters) → result, with the number of type parameters.
    member names.Method(definition: MethodDefinition) : string = written (definition.DecodeSignature(names, null))
    /// The same of a method that is referred to.
    member names.Method(reference: MemberReference) : string = written (reference.DecodeMethodSignature(names, null))
    /// The same of a function that a pointer is called for.
    member names.Method(signature: StandaloneSignature) : string = written (signature.DecodeMethodSignature(names, null))

    /// Types of parameters and result.
    member names.Parameters(definition: MethodDefinition) : SignatureType list =
        let signature = definition.DecodeSignature(names, null)
        signature.ReturnType :: List.ofSeq signature.ParameterTypes

    /// The type of a field.
    member names.Field(field: FieldDefinition) : SignatureType = field.DecodeSignature(names, null)
    /// Types of local variables.
    member names.Locals(signature: StandaloneSignature) : string = joined (signature.DecodeLocalSignature(names, null))

    /// Arguments of a generic method.
    member names.Arguments(specification: MethodSpecification) : string =
        let arguments = specification.DecodeSignature(names, null)

        for argument in arguments do
            argument.Parts |> List.iter hand

        joined arguments

    interface ISignatureTypeProvider<SignatureType, obj | null> with
        member _.GetPrimitiveType code = outside (string code)
        member names.GetTypeFromDefinition(_, handle, _) = names.Named(TypeDefinitionHandle.op_Implicit handle)
        member names.GetTypeFromReference(_, handle, _) = names.Named(TypeReferenceHandle.op_Implicit handle)
        member names.GetTypeFromSpecification(_, _, handle, _) = names.Named(TypeSpecificationHandle.op_Implicit handle)

        member _.GetGenericInstantiation(kind, arguments) =
            for argument in arguments do
                argument.Parts |> List.iter hand

            { kind with
                Text = $"{kind.Text}<{joined arguments}>"
                Parts =
                    kind.Parts
                    @ [ for argument in arguments do
                            yield! argument.Parts ] }

        member _.GetGenericTypeParameter(_, index) = outside $"!{index}"
        member _.GetGenericMethodParameter(_, index) = outside $"!!{index}"
        member _.GetSZArrayType item = made item "[]"
        member _.GetArrayType(item, shape) = made item $"[{shape.Rank}]"
        member _.GetByReferenceType item = made item "&"
        member _.GetPointerType item = made item "*"
        member _.GetPinnedType item = item
        member _.GetModifiedType(_, item, _) = item
        member _.GetFunctionPointerType signature = outside ("fn" + written signature)
