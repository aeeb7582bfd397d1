namespace PUNet.Dsl.Engine.Code

open System.Collections.Generic
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// Which types of the libraries derive from or implement which.
[<Sealed>]
type internal TypeFamilies(libraries: CodeLibraries) =
    let rec chain id = id :: (Definitions.baseOf libraries id |> Option.map chain |> Option.defaultValue [])

    /// Interfaces that a type names.
    let stated (id: TypeId) : SignatureType list =
        let struct (library, _) = id
        let reader = libraries.Reader library
        let plain = SignatureNames(libraries, library, libraries.TypeName)

        [ for handle in libraries.Type(id).GetInterfaceImplementations() -> plain.Named(reader.GetInterfaceImplementation(handle).Interface) ]

    let rec interfaces (id: TypeId) : TypeId list =
        [ for found in stated id |> List.choose (_.Head >> ValueOption.toOption) do
              found
              yield! interfaces found
          yield! Definitions.baseOf libraries id |> Option.map interfaces |> Option.defaultValue [] ]

    /// Methods of interfaces that compilers implement for many types; of all others any method may be one.
    let framework =
        Map.ofList
            [ "System.IEquatable`1", [ "Equals" ]
              "System.IComparable", [ "CompareTo" ]
              "System.IComparable`1", [ "CompareTo" ]
              "System.Collections.IStructuralEquatable", [ "Equals"; "GetHashCode" ]
              "System.Collections.IStructuralComparable", [ "CompareTo" ]
              "System.IDisposable", [ "Dispose" ] ]

    let parents = Dictionary<TypeId, HashSet<TypeId>>()

    /// The type itself and all that it derives from or implements.
    let lineage id =
        match parents.TryGetValue id with
        | true, found -> found
        | _ ->
            let found = HashSet<TypeId>(chain id @ interfaces id)
            parents[id] <- found
            found

    let subtypes =
        lazy
            (let found = Dictionary<TypeId, List<TypeId>>()

             for library in 0 .. libraries.Count - 1 do
                 for handle in libraries.Reader(library).TypeDefinitions do
                     let id: TypeId = struct (library, MetadataTokens.GetRowNumber handle)

                     for parent in lineage id do
                         match found.TryGetValue parent with
                         | true, known -> known.Add id
                         | _ -> found[parent] <- List [ id ]

             found)

    /// The type, what it derives from, and so on.
    member _.Chain id = chain id
    /// The type itself and all that it derives from or implements.
    member _.Lineage id = lineage id

    /// The cases of a union: types inside it that derive from it.
    member _.Cases(id: TypeId) =
        let struct (library, _) = id

        [ for handle in libraries.Type(id).GetNestedTypes() do
              let inner: TypeId = struct (library, MetadataTokens.GetRowNumber handle)

              if Definitions.baseOf libraries inner = Some id then
                  inner ]

    /// Whether a method of this name may implement an interface of other libraries, which the type or one that it derives from names.
    member _.MayImplementOutside(id: TypeId, method: string) =
        lineage id
        |> Seq.collect stated
        |> Seq.exists (fun parent ->
            parent.Head.IsNone
            && match Map.tryFind (parent.Text.Split('<')[0]) framework with
               | Some methods -> List.contains method methods
               | None -> true)

    /// The type itself and all that derive from it or implement it: what an object of that type may be.
    member _.MayBe(id: TypeId) =
        match subtypes.Value.TryGetValue id with
        | true, found -> List.ofSeq found
        | _ -> [ id ]
