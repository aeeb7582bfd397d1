namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Reflection.PortableExecutable
open System.Runtime.InteropServices
open System.Text.RegularExpressions

/// A type of a library: the library's number and the row in its table of types.
type TypeId = (struct (int * int))

/// A method of a library, likewise.
type MethodId = (struct (int * int))

/// Compiled libraries whose code is looked into, with what refers to what between them. What they use of other libraries
/// is known by name only. They are given as the bytes of their files, which stay in use.
[<Sealed>]
type CodeLibraries(files: byte array list) =
    let images = [| for file in files -> new PEReader(ImmutableCollectionsMarshal.AsImmutableArray file) |]
    let readers = images |> Array.map (fun image -> image.GetMetadataReader())
    let names = readers |> Array.map (fun reader -> reader.GetString(reader.GetAssemblyDefinition().Name))
    let byName = Dictionary<struct (string * string), TypeId>()
    let declaring = Dictionary<MethodId, TypeId>()

    /// What is part of .NET and F#, or in keys with its version; other libraries count with theirs.
    let isPlatform (library: string) = Regex.IsMatch(library, @"^(System|Microsoft|FSharp\.Core|TorchSharp|netstandard|mscorlib)(\.|$)")

    let typeAt (struct (library, row): TypeId) = readers[library].GetTypeDefinition(MetadataTokens.TypeDefinitionHandle row)

    let rec typeName (id: TypeId) =
        let struct (library, _) = id
        let reader, definition = readers[library], typeAt id
        // the compiler marks a type that only its file sees with a hash of the file's path
        let own = Regex.Replace(reader.GetString definition.Name, "^(<.*>)F[0-9A-F]{64}__", "$1")
        let outer = definition.GetDeclaringType()

        if not outer.IsNil then $"{typeName (struct (library, MetadataTokens.GetRowNumber outer))}/{own}"
        elif definition.Namespace.IsNil then own
        else $"{reader.GetString definition.Namespace}.{own}"

    do
        for library in 0 .. readers.Length - 1 do
            for handle in readers[library].TypeDefinitions do
                let id = struct (library, MetadataTokens.GetRowNumber handle)
                byName[struct (names[library], typeName id)] <- id

                for method in readers[library].GetTypeDefinition(handle).GetMethods() do
                    declaring[struct (library, MetadataTokens.GetRowNumber method)] <- id

    /// Number of libraries.
    member _.Count = readers.Length
    member _.Reader library : MetadataReader = readers[library]
    /// Namespace.Outer/Inner.
    member _.TypeName id = typeName id
    member _.Type id = typeAt id
    member _.Method(struct (library, row): MethodId) = readers[library].GetMethodDefinition(MetadataTokens.MethodDefinitionHandle row)

    member _.MethodName(id: MethodId) =
        let struct (library, row) = id in
        readers[library].GetString(readers[library].GetMethodDefinition(MetadataTokens.MethodDefinitionHandle row).Name)

    /// The type that declares a method.
    member _.Declaring(id: MethodId) = declaring[id]

    /// The body; none for an abstract or external method.
    member libraries.Body(id: MethodId) =
        let struct (library, _) = id
        let address = libraries.Method(id).RelativeVirtualAddress
        if address = 0 then None else Some(images[library].GetMethodBody address)

    /// The bytes that a field with initial data starts from.
    member _.Data library (field: FieldDefinition) length =
        images[library].GetSectionData(field.GetRelativeVirtualAddress()).GetContent(0, length)

    /// Methods of a type, in the order of the metadata.
    member libraries.Methods(id: TypeId) : MethodId list =
        let struct (library, _) = id
        [ for handle in libraries.Type(id).GetMethods() -> struct (library, MetadataTokens.GetRowNumber handle) ]

    /// The type of a name in a library, if both are known here.
    member _.Find(library: string, name: string) =
        match byName.TryGetValue(struct (library, name)) with
        | true, id -> Some id
        | _ -> None

    /// The type of a name in any library.
    member libraries.Find(name: string) = names |> Seq.tryPick (fun library -> libraries.Find(library, name))

    /// Full name of a referred type, and its identity if it lies in these libraries.
    member libraries.Reference(library: int, handle: TypeReferenceHandle) : string * TypeId option =
        let reader = readers[library]
        let reference = reader.GetTypeReference handle
        let own = reader.GetString reference.Name

        match reference.ResolutionScope.Kind with
        | HandleKind.TypeReference ->
            let outer, outerId = libraries.Reference(library, TypeReferenceHandle.op_Explicit reference.ResolutionScope)
            let name = $"{outer}/{own}"
            name, outerId |> Option.bind (fun (struct (at, _)) -> libraries.Find(names[at], name))
        | HandleKind.AssemblyReference ->
            let assembly = reader.GetAssemblyReference(AssemblyReferenceHandle.op_Explicit reference.ResolutionScope)
            let name = if reference.Namespace.IsNil then own else $"{reader.GetString reference.Namespace}.{own}"
            let library = reader.GetString assembly.Name

            match libraries.Find(library, name) with
            | None when not (isPlatform library) -> $"{name} {assembly.Version}", None
            | found -> name, found
        | _ -> own, None

    /// Whether the type is a structure: its values need no constructor.
    member libraries.IsValue(id: TypeId) : bool =
        let struct (library, _) = id
        let parent = (typeAt id).BaseType

        parent.Kind = HandleKind.TypeReference
        && fst (libraries.Reference(library, TypeReferenceHandle.op_Explicit parent)) = "System.ValueType"

    /// Whether compilers made the type up: its name is a number among others and says nothing.
    member libraries.IsGenerated(id: TypeId) : bool =
        let struct (library, _) = id
        let definition = typeAt id
        let own = readers[library].GetString definition.Name
        let outer = definition.GetDeclaringType()

        Regex.IsMatch(own, @"^<>[cO]($|__|`)|^<.*>[a-z]__\d|^<>f__Anonymous|@\d")
        || not outer.IsNil && libraries.IsGenerated(struct (library, MetadataTokens.GetRowNumber outer))

    /// Whether compilers made the method up.
    member libraries.IsGeneratedMethod(id: MethodId) : bool =
        Regex.IsMatch(libraries.MethodName id, @"^<.*>[a-z]__|@\d") || libraries.IsGenerated(declaring[id])

    interface IDisposable with
        member _.Dispose() =
            for image in images do
                image.Dispose()
