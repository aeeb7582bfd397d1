namespace PUNet.Dsl.Engine.Code

open System.Collections.Generic
open System.Reflection
open System.Reflection.Metadata
open System.Reflection.Metadata.Ecma335

/// What runs where a virtual method is called, from these libraries or from others.
[<Sealed>]
type internal VirtualMethods(libraries: CodeLibraries, families: TypeFamilies) =
    let attributesOf id = libraries.Method(id).Attributes

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

    let declared = Dictionary<TypeId, (MethodId * MethodId option) list>()

    /// Methods of a type that state what they implement: with that, or none where it lies outside the libraries.
    let statedImplementations id =
        match declared.TryGetValue id with
        | true, found -> found
        | _ ->
            let struct (library, _) = id
            let reader = libraries.Reader library

            let method (handle: EntityHandle) : MethodId option =
                match handle.Kind with
                | HandleKind.MethodDefinition -> Some(struct (library, MetadataTokens.GetRowNumber handle))
                | HandleKind.MemberReference ->
                    let reference = reader.GetMemberReference(MemberReferenceHandle.op_Explicit handle)
                    let signature = SignatureNames(libraries, library, libraries.TypeName).Method reference
                    Definitions.ofMethod libraries library reference.Parent (reader.GetString reference.Name) signature |> List.tryHead
                | _ -> None

            let found =
                [ for handle in libraries.Type(id).GetMethodImplementations() do
                      let stated = reader.GetMethodImplementation handle

                      match method stated.MethodBody with
                      | Some body -> body, method stated.MethodDeclaration
                      | None -> () ]

            declared[id] <- found
            found

    let slots = Dictionary<TypeId, (struct (string * int) * MethodId) list>()

    /// The type's own methods that stand in a slot: virtual ones, and static ones that implement an interface's.
    let inSlots id =
        match slots.TryGetValue id with
        | true, found -> found
        | _ ->
            let stated = HashSet(statedImplementations id |> List.map fst)

            let found =
                libraries.Methods id
                |> List.filter (fun method -> (attributesOf method).HasFlag MethodAttributes.Virtual || stated.Contains method)
                |> List.map (fun method -> slotName method, method)

            slots[id] <- found
            found

    /// Whether others call the slot of a method on an object of type `made`: it is declared outside the libraries, or by an
    /// interface of theirs that the type implements.
    let rec isOutside made (method: MethodId) =
        let owner = libraries.Declaring method
        let attributes = attributesOf method
        let stated = statedImplementations owner |> List.filter (fun (body, _) -> body = method)
        let mayImplement () = attributes.HasFlag MethodAttributes.Public && families.MayImplementOutside(made, libraries.MethodName method)

        if not stated.IsEmpty then
            stated |> List.exists (fun (_, slot) -> slot |> Option.forall (isOutside made))
        elif libraries.Type(owner).Attributes.HasFlag TypeAttributes.Interface then
            false
        elif attributes.HasFlag MethodAttributes.NewSlot then
            mayImplement ()
        else
            // where signatures differ, by type arguments or because it is another method, it may be one from outside
            let written (id: MethodId) =
                let struct (library, _) = id
                libraries.MethodName id, SignatureNames(libraries, library, libraries.TypeName).Method(libraries.Method id)

            let isIntroducedBy parent =
                inSlots parent
                |> List.exists (fun (_, slot) -> (attributesOf slot).HasFlag MethodAttributes.NewSlot && written slot = written method)

            not (families.Chain owner |> List.tail |> List.exists isIntroducedBy) || mayImplement ()

    /// What runs on an object of the type where the slot is called.
    member _.Implementations(slot: MethodId, made: TypeId) =
        if (families.Lineage made).Contains(libraries.Declaring slot) then
            let wanted = slotName slot

            families.Lineage made
            |> Seq.collect (fun id -> inSlots id |> List.filter (fun (name, _) -> name = wanted) |> List.map snd)
            |> List.ofSeq
        else
            []

    /// Methods of a made object that code outside the libraries may call.
    member _.CalledFromOutside(made: TypeId) =
        [ for id in families.Chain made do
              for _, method in inSlots id do
                  if not ((attributesOf method).HasFlag MethodAttributes.Abstract) && isOutside made method then
                      method ]
