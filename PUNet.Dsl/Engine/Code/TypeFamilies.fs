namespace PUNet.Dsl.Engine.Code

open System.Collections.Generic
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// Which types of the libraries derive from or implement which.
[<Sealed>]
type internal TypeFamilies(libraries: CodeLibraries) =
    let baseOf (id: TypeId) =
        let struct (library, _) = id
        let parent = libraries.Type(id).BaseType
        if parent.IsNil then None else Definitions.ofType libraries library parent

    let rec chain id = id :: (baseOf id |> Option.map chain |> Option.defaultValue [])

    let rec interfaces (id: TypeId) : TypeId list =
        let struct (library, _) = id
        let reader = libraries.Reader library

        [ for handle in libraries.Type(id).GetInterfaceImplementations() do
              match Definitions.ofType libraries library (reader.GetInterfaceImplementation(handle).Interface) with
              | Some found ->
                  found
                  yield! interfaces found
              | None -> ()
          yield! baseOf id |> Option.map interfaces |> Option.defaultValue [] ]

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

    /// The type itself and all that derive from it or implement it: what an object of that type may be.
    member _.MayBe(id: TypeId) =
        match subtypes.Value.TryGetValue id with
        | true, found -> List.ofSeq found
        | _ -> [ id ]
