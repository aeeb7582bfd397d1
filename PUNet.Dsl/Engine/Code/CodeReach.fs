namespace PUNet.Dsl.Engine.Code

open System
open System.Collections.Generic
open System.Security.Cryptography
open System.Text

/// Everything that runs when a function is called, as far as it lies in these libraries: what it calls, whatever may stand
/// behind a virtual call, what other libraries may call on the types that they are given, and initialisation. Rather too much
/// than too little.
[<Sealed>]
type CodeReach(libraries: CodeLibraries) =
    static let hash (text: string) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes text))).Substring(0, 16)

    let families = TypeFamilies libraries
    let virtuals = VirtualMethods(libraries, families)
    // a text depends on the function or type alone, never on the walk that asks for it
    let texts = Dictionary<MethodId, FunctionText * string>()
    let typeTexts = Dictionary<TypeId, FunctionText * string>()
    let plain = Array.init libraries.Count (fun library -> SignatureNames(libraries, library, libraries.TypeName))

    let cached (store: Dictionary<struct (int * int), FunctionText * string>) (write: CodeLibraries -> _ -> FunctionText) id =
        match store.TryGetValue id with
        | true, found -> found
        | _ ->
            let text = write libraries id
            store[id] <- (text, hash text.Text)
            store[id]

    let textOf = cached texts CodeText.ofMethod
    let typeTextOf = cached typeTexts CodeText.ofType

    let nameOf (id: MethodId) =
        let struct (library, _) = id
        $"{libraries.TypeName(libraries.Declaring id)}::{libraries.MethodName id}{plain[library].Method(libraries.Method id)}"

    /// One hash of all that has one name.
    let together hashes =
        match List.distinct hashes with
        | [ only ] -> only
        | several -> hash (String.concat " " (List.sort several))

    /// The hash of a text.
    static member internal Hash(text: string) = hash text

    /// The method of a name, for example PUNet.Dsl.Engine.Stages::pretrain.
    member _.Find(name: string) : MethodId =
        let at = name.IndexOf("::", StringComparison.Ordinal)

        match libraries.Find(name.Substring(0, at)) with
        | None -> invalidArg (nameof name) $"there is no type {name.Substring(0, at)}."
        | Some owner ->
            libraries.Methods owner
            |> List.tryFind (fun method -> libraries.MethodName method = name.Substring(at + 2))
            |> Option.defaultWith (fun () -> invalidArg (nameof name) $"there is no method {name}.")

    /// Every text that counts when `entry` is called: the name of its function, with parameters, or type, the text and its hash.
    member internal _.Texts(entry: MethodId) : (string * FunctionText * string) list =
        let walk = CodeWalk(libraries, families, virtuals, textOf >> fst, typeTextOf >> fst)
        walk.From entry

        [ for method in walk.Reached do
              nameOf method, fst (textOf method), snd (textOf method)
          for id in walk.Known do
              if not (libraries.IsGenerated id) then
                  libraries.TypeName id, fst (typeTextOf id), snd (typeTextOf id) ]

    /// Every function and type that runs or counts when `entry` is called: its name with parameters, and a hash of its text.
    member reach.From(entry: MethodId) : Map<string, string> =
        reach.Texts entry
        |> List.groupBy (fun (name, _, _) -> name)
        |> List.map (fun (name, texts) -> name, together (texts |> List.map (fun (_, _, hash) -> hash)))
        |> Map.ofList
