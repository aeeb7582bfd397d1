/// Hashes of the code that stages run: of the intermediate language of the stage's entry point and of all that it reaches in
/// PUNet's libraries. Comments, formatting, names of locals and files do not count; an edited function three calls deep does.
module PUNet.Dsl.Engine.Code.CodeHash

open System
open System.IO
open System.Security.Cryptography
open PUNet.Core.Common
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Functions and hashes as lines of text.
let private write (functions: Map<string, string>) = functions |> Seq.map (fun entry -> $"{entry.Value} {entry.Key}\n") |> String.concat ""

/// Functions and hashes from lines of text.
let internal parse (lines: string seq) =
    lines
    |> Seq.choose (fun line ->
        match line.IndexOf ' ' with
        | at when at > 0 -> Some(line.Substring(at + 1), line.Substring(0, at))
        | _ -> None)
    |> Map.ofSeq

let private ofText (text: string) = (Canonical.hashText text).Substring(0, 16)

/// One hash over functions with their hashes.
let ofFunctions (functions: Map<string, string>) = ofText (write functions)

/// random-backbone → randomBackbone
let private functionOf (kind: string) =
    match List.ofArray (kind.Split '-') with
    | first :: rest ->
        let capital (word: string) = string (Char.ToUpperInvariant word[0]) + word.Substring 1
        first + (rest |> List.map capital |> String.concat "")
    | [] -> kind

/// Kinds of stages with the functions that they run, which have their names; Stages.fs lies above this file.
let internal entries = StageSpec.kinds |> List.map (fun kind -> kind, $"PUNet.Dsl.Engine.Stages::{functionOf kind}")

/// The file of a library that runs, which holds the identity that its compiler gave it. Raises InvalidOperationException where the
/// file is no longer that library's.
let internal image (path: string) (running: Guid) =
    let file = File.ReadAllBytes path

    if file.AsSpan().IndexOf(ReadOnlySpan(running.ToByteArray())) < 0 then
        invalidOp
            $"{Path.GetFileName path} was replaced while the program runs, so that its results would count as the new one's; start it again."

    file

/// The files of both libraries.
let internal images =
    lazy
        [ for library in [ typeof<Extent>.Assembly; typeof<StageSpec>.Assembly ] ->
              image library.Location library.ManifestModule.ModuleVersionId ]

/// Changes with every byte of the libraries, so with the code of the hashing too.
let private identity =
    lazy
        (use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256
         images.Value |> List.iter hash.AppendData
         Convert.ToHexStringLower(hash.GetHashAndReset()).Substring(0, 32))

let private file kind = Path.Combine(UserCache.folder "code", identity.Value, kind)

let private keep kind (text: string) =
    try
        UserCache.write (file kind) text
    with
    | :? IOException
    | :? UnauthorizedAccessException -> () // it is computed again the next time

/// The kept text of a kind; none where it is damaged, and where somebody else could have written it.
let private kept kind = UserCache.tryRead (file kind) |> Option.filter (fun text -> text <> "")

let private compute () =
    use libraries = new CodeLibraries(images.Value)
    let reach = CodeReach libraries

    [ for kind, name in entries do
          let text = write (reach.From(reach.Find name))
          keep kind text
          kind, text ]

/// The texts of all kinds at once, so that a file that is replaced later matters no more.
let private texts =
    lazy
        (let found = entries |> List.map (fun (kind, _) -> kind, kept kind)
         let isWhole = found |> List.forall (snd >> Option.isSome)
         Map.ofList (if isWhole then [ for kind, text in found -> kind, defaultArg text "" ] else compute ()))

let private textOf kind =
    match Map.tryFind kind texts.Value with
    | Some text -> text
    | None -> invalidArg (nameof kind) $"there is no kind of stage {kind}."

/// Every function and type that stages of a kind reach, with the hash of each.
let functions kind : Map<string, string> = parse ((textOf kind).Split '\n')

/// The hash of all code that a stage of this kind runs. Known without looking into the libraries where they were looked into before.
let ofKind kind : string = ofText (textOf kind)
