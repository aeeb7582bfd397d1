/// What a reference means, where that is defined in the libraries.
module internal PUNet.Dsl.Engine.Code.Definitions

open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// The type of any kind of handle; of a generic instantiation the generic type.
let ofType (libraries: CodeLibraries) library (handle: EntityHandle) : TypeId option =
    match handle.Kind with
    | HandleKind.TypeDefinition -> Some(struct (library, MetadataTokens.GetRowNumber handle))
    | HandleKind.TypeReference -> libraries.Reference(library, TypeReferenceHandle.op_Explicit handle) |> snd
    | HandleKind.TypeSpecification -> SignatureNames(libraries, library, libraries.TypeName).Named(handle).Head |> ValueOption.toOption
    | _ -> None

/// The class that a type derives from, if it lies in the libraries.
let baseOf (libraries: CodeLibraries) (id: TypeId) : TypeId option =
    let struct (library, _) = id
    let parent = libraries.Type(id).BaseType
    if parent.IsNil then None else ofType libraries library parent

/// The field of a name in the type that a reference names as its parent, or in what that derives from.
let ofField (libraries: CodeLibraries) library (parent: EntityHandle) (name: string) =
    let rec find owner =
        let struct (at, _) = owner
        let reader = libraries.Reader at

        libraries.Type(owner).GetFields()
        |> Seq.tryFind (fun handle -> reader.GetString(reader.GetFieldDefinition(handle).Name) = name)
        |> function
            | Some handle -> Some(struct (at, MetadataTokens.GetRowNumber handle))
            | None -> baseOf libraries owner |> Option.bind find

    ofType libraries library parent |> Option.bind find

/// The method of a name and signature in the type that a reference names as its parent, or in what that derives from. Several where
/// only the name agrees; none where it is a method of other libraries.
let ofMethod (libraries: CodeLibraries) library (parent: EntityHandle) (name: string) (signature: string) : MethodId list =
    let rec find owner =
        let struct (at, _) = owner
        let plain = SignatureNames(libraries, at, libraries.TypeName)
        let named = libraries.Methods owner |> List.filter (fun method -> libraries.MethodName method = name)

        match named |> List.filter (fun method -> plain.Method(libraries.Method method) = signature) with
        | [] when named.IsEmpty -> baseOf libraries owner |> Option.map find |> Option.defaultValue []
        | [] -> named
        | exact -> exact

    ofType libraries library parent |> Option.map find |> Option.defaultValue []
