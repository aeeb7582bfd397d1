namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335
open System.Security.Cryptography
open System.Text

/// Everything that runs when a function is called, as far as it lies in these libraries: what it calls, whatever may stand
/// behind a virtual call, initialisation of types, and what reflection may touch. Rather too much than too little.
[<Sealed>]
type CodeReach(libraries: CodeLibraries) =
    let texts = Dictionary<MethodId, FunctionText * string>()
    let typeTexts = Dictionary<TypeId, FunctionText * string>()

    let hash (text: string) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))).Substring(0, 16)

    let cached (store: Dictionary<struct (int * int), FunctionText * string>) id make =
        match store.TryGetValue id with
        | true, found -> found
        | _ ->
            let text: FunctionText = make ()
            store[id] <- (text, hash text.Text)
            store[id]

    let textOf id = cached texts id (fun () -> FunctionText.ofMethod libraries id)

    let idOf library (handle: EntityHandle) : TypeId option =
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
            first |> Option.filter (fun id -> name.StartsWith(libraries.TypeName id, StringComparison.Ordinal))
        | _ -> None

    let baseOf (id: TypeId) =
        let struct (library, _) = id
        let parent = libraries.Type(id).BaseType
        if parent.IsNil then None else idOf library parent

    let rec chain id = id :: (baseOf id |> Option.map chain |> Option.defaultValue [])

    let rec interfaces (id: TypeId) : TypeId list =
        let struct (library, _) = id
        let reader = libraries.Reader library

        [ for handle in libraries.Type(id).GetInterfaceImplementations() do
              match idOf library (reader.GetInterfaceImplementation(handle).Interface) with
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

    /// Virtual methods by name without an interface's prefix and number of parameters.
    let slotName (id: MethodId) =
        let struct (library, _) = id
        let name = libraries.MethodName id
        let short = name.Substring(name.LastIndexOf '.' + 1)
        let signature = libraries.Reader(library).GetBlobReader(libraries.Method(id).Signature)
        let header = signature.ReadSignatureHeader()

        (if header.IsGeneric then
             signature.ReadCompressedInteger() |> ignore)

        struct (short, signature.ReadCompressedInteger())

    let slots = Dictionary<TypeId, (struct (string * int) * MethodId) list>()

    let virtualMethods id =
        match slots.TryGetValue id with
        | true, found -> found
        | _ ->
            let found =
                libraries.Methods id
                |> List.filter (fun method -> libraries.Method(method).Attributes.HasFlag MethodAttributes.Virtual)
                |> List.map (fun method -> slotName method, method)

            slots[id] <- found
            found

    /// What runs on an object of the type where the slot is called.
    let implementations (slot: MethodId) (made: TypeId) =
        if (lineage made).Contains(libraries.Declaring slot) then
            let wanted = slotName slot

            chain made
            |> List.map (fun id -> virtualMethods id |> List.filter (fun (name, _) -> name = wanted) |> List.map snd)
            |> List.tryFind (List.isEmpty >> not)
            |> Option.defaultValue [ slot ]
        else
            []

    /// Methods of a made object that code outside the libraries may call: overrides of what is declared there.
    let calledFromOutside (made: TypeId) =
        [ for id in chain made do
              for name, method in virtualMethods id do
                  let attributes = libraries.Method(method).Attributes

                  let isOurs =
                      lineage id
                      |> Seq.exists (fun parent -> parent <> id && virtualMethods parent |> List.exists (fun (other, _) -> other = name))

                  let isNew = attributes.HasFlag MethodAttributes.NewSlot && not (attributes.HasFlag MethodAttributes.Final)

                  if not isOurs && not isNew && not (attributes.HasFlag MethodAttributes.Abstract) then
                      method ]

    let isAccessor (id: MethodId) =
        let name = libraries.MethodName id
        name = ".ctor" || name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal)

    /// Types of these libraries in the fields of a type, which reflection follows.
    let fieldTypes (id: TypeId) =
        let struct (library, _) = id
        let found = List<TypeId>()

        let noting =
            SignatureNames(
                libraries,
                library,
                fun id ->
                    (if not (libraries.IsGenerated id) then
                         found.Add id)

                    libraries.TypeName id
            )

        for handle in libraries.Type(id).GetFields() do
            libraries.Reader(library).GetFieldDefinition(handle).DecodeSignature(noting, null) |> ignore

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

    /// The type itself and all that derive from it or implement it: what an object of that type may be.
    let mayBe (id: TypeId) =
        match subtypes.Value.TryGetValue id with
        | true, found -> List.ofSeq found
        | _ -> [ id ]

    /// Types of these libraries among the parameters of a method.
    let parameterTypes (id: MethodId) =
        let struct (library, _) = id
        let found = List<TypeId>()

        let noting =
            SignatureNames(
                libraries,
                library,
                fun id ->
                    (if not (libraries.IsGenerated id) then
                         found.Add id)

                    libraries.TypeName id
            )

        libraries.Method(id).DecodeSignature(noting, null) |> ignore
        List.ofSeq found

    /// The method of a name, for example PUNet.Dsl.Engine.Stages::pretrain.
    member _.Find(name: string) : MethodId =
        let at = name.IndexOf("::", StringComparison.Ordinal)

        match libraries.Find(name.Substring(0, at)) with
        | None -> invalidArg (nameof name) $"there is no type {name.Substring(0, at)}."
        | Some owner ->
            libraries.Methods owner
            |> List.tryFind (fun method -> libraries.MethodName method = name.Substring(at + 2))
            |> Option.defaultWith (fun () -> invalidArg (nameof name) $"there is no method {name}.")

    /// Every function and type that runs or counts when `entry` is called: its name with parameters, and a hash of its text.
    member _.From(entry: MethodId) : Map<string, string> =
        let reached, queue = HashSet<MethodId>(), Queue<MethodId>()
        let made, called, known = HashSet<TypeId>(), HashSet<MethodId>(), HashSet<TypeId>()
        let reflected = HashSet<TypeId>()

        let reach method =
            if reached.Add method then
                queue.Enqueue method

        let know id =
            if known.Add id then
                // F# makes the values of a file in methods of a class of its own: in programs not in its static constructor
                let isFile = (libraries.TypeName id).StartsWith("<StartupCode$", StringComparison.Ordinal)

                for method in libraries.Methods id do
                    if libraries.MethodName method = ".cctor" || isFile && libraries.Body(method).IsSome then
                        reach method

        let make id =
            know id

            if made.Add id then
                calledFromOutside id |> List.iter reach

                for slot in List.ofSeq called do
                    implementations slot id |> List.iter reach

        let rec reflect id =
            if reflected.Add id then
                make id
                libraries.Methods id |> List.filter isAccessor |> List.iter reach
                fieldTypes id |> Seq.iter reflect
                mayBe id |> List.iter reflect

        // what the entry is given was made elsewhere: it only answers virtual calls
        let given = HashSet<TypeId>()

        let rec give id =
            if given.Add id then
                for slot in List.ofSeq called do
                    implementations slot id |> List.iter reach

                mayBe id |> List.iter give
                fieldTypes id |> Seq.iter give

        let call slot =
            if called.Add slot then
                reach slot

                for id in Seq.append made given |> List.ofSeq do
                    implementations slot id |> List.iter reach

        reach entry
        parameterTypes entry |> List.iter give

        while queue.Count > 0 do
            let text, _ = textOf (queue.Dequeue())
            text.Calls |> List.iter reach
            text.Initialises |> List.iter know
            text.Makes |> List.iter make
            text.Mentions |> List.iter reflect
            text.VirtualCalls |> List.iter call

        let plain = Array.init libraries.Count (fun library -> SignatureNames(libraries, library, libraries.TypeName))

        let nameOf (id: MethodId) =
            let struct (library, _) = id
            let signature = libraries.Method(id).DecodeSignature(plain[library], null)
            $"{libraries.TypeName(libraries.Declaring id)}::{libraries.MethodName id}{plain[library].Method signature}"

        let derivesFromOutside (id: TypeId) =
            let struct (library, _) = id
            let parent = libraries.Type(id).BaseType

            not parent.IsNil
            && not (List.contains (plain[library].Type parent) [ "System.Object"; "System.ValueType"; "System.Enum" ])

        let typeText id = cached typeTexts id (fun () -> FunctionText.ofType libraries id (derivesFromOutside id || reflected.Contains id))

        Map.ofSeq
            [ for method in reached do
                  yield nameOf method, snd (textOf method)
              for id in known do
                  if not (libraries.IsGenerated id) then
                      yield libraries.TypeName id, snd (typeText id) ]
