namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Security.Cryptography
open System.Text

/// Everything that runs when a function is called, as far as it lies in these libraries: what it calls, whatever may stand
/// behind a virtual call, initialisation of types, and what reflection may touch. Rather too much than too little.
[<Sealed>]
type CodeReach(libraries: CodeLibraries) =
    let families = TypeFamilies libraries
    let virtuals = VirtualMethods(libraries, families)
    let texts = Dictionary<MethodId, FunctionText * string>()
    let typeTexts = Dictionary<TypeId, FunctionText * string>()
    let plain = Array.init libraries.Count (fun library -> SignatureNames(libraries, library, libraries.TypeName))

    let hash (text: string) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))).Substring(0, 16)

    let cached (store: Dictionary<struct (int * int), FunctionText * string>) id make =
        match store.TryGetValue id with
        | true, found -> found
        | _ ->
            let text: FunctionText = make ()
            store[id] <- (text, hash text.Text)
            store[id]

    let textOf id = cached texts id (fun () -> CodeText.ofMethod libraries id)

    let nameOf (id: MethodId) =
        let struct (library, _) = id
        let signature = libraries.Method(id).DecodeSignature(plain[library], null)
        $"{libraries.TypeName(libraries.Declaring id)}::{libraries.MethodName id}{plain[library].Method signature}"

    let derivesFromOutside (id: TypeId) =
        let struct (library, _) = id
        let parent = libraries.Type(id).BaseType

        not parent.IsNil
        && not (List.contains (plain[library].Type parent) [ "System.Object"; "System.ValueType"; "System.Enum" ])

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
        let walk = CodeWalk(libraries, families, virtuals, textOf >> fst)
        walk.From entry
        let typeText id = cached typeTexts id (fun () -> CodeText.ofType libraries id (derivesFromOutside id || walk.IsReflected id))

        Map.ofSeq
            [ for method in walk.Reached do
                  yield nameOf method, snd (textOf method)
              for id in walk.Known do
                  if not (libraries.IsGenerated id) then
                      yield libraries.TypeName id, snd (typeText id) ]
