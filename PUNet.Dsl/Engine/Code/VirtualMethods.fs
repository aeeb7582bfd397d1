namespace PUNet.Dsl.Engine.Code

open System.Collections.Generic
open System.Reflection

/// What runs where a virtual method is called.
[<Sealed>]
type internal VirtualMethods(libraries: CodeLibraries, families: TypeFamilies) =
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
    member _.Implementations(slot: MethodId, made: TypeId) =
        if (families.Lineage made).Contains(libraries.Declaring slot) then
            let wanted = slotName slot

            families.Chain made
            |> List.map (fun id -> virtualMethods id |> List.filter (fun (name, _) -> name = wanted) |> List.map snd)
            |> List.tryFind (List.isEmpty >> not)
            |> Option.defaultValue [ slot ]
        else
            []

    /// Methods of a made object that code outside the libraries may call: overrides of what is declared there.
    member _.CalledFromOutside(made: TypeId) =
        [ for id in families.Chain made do
              for name, method in virtualMethods id do
                  let attributes = libraries.Method(method).Attributes

                  let isOurs =
                      families.Lineage id
                      |> Seq.exists (fun parent -> parent <> id && virtualMethods parent |> List.exists (fun (other, _) -> other = name))

                  let isNew = attributes.HasFlag MethodAttributes.NewSlot && not (attributes.HasFlag MethodAttributes.Final)

                  if not isOurs && not isNew && not (attributes.HasFlag MethodAttributes.Abstract) then
                      method ]
