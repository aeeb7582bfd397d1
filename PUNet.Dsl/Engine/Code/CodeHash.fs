/// Hashes of the code that stages run: of the intermediate language of the stage's entry point and of all that it reaches in
/// PUNet's libraries. Comments, formatting, names of locals and files do not count; an edited function three calls deep does.
module PUNet.Dsl.Engine.Code.CodeHash

open System
open System.IO
open PUNet.Core.Common
open PUNet.Dsl
open PUNet.Dsl.Engine

/// One hash over functions with their hashes.
let ofFunctions (functions: Map<string, string>) =
    let lines = functions |> Seq.map (fun entry -> $"{entry.Value} {entry.Key}\n")
    (Canonical.hashText (String.concat "" lines)).Substring(0, 16)

/// The stage's entry point; Stages.fs lies above this file.
let private entry kind =
    let name =
        match kind with
        | "random-backbone" -> "randomBackbone"
        | name -> name

    $"PUNet.Dsl.Engine.Stages::{name}"

let private assemblies = [ typeof<Extent>.Assembly; typeof<StageSpec>.Assembly ]

/// The libraries' identities, which change with their content.
let private identity =
    lazy (assemblies |> List.map (fun assembly -> assembly.ManifestModule.ModuleVersionId.ToString "N") |> String.concat "-")

let private libraries = lazy (new CodeLibraries(assemblies |> List.map _.Location))
let private reach = lazy (CodeReach libraries.Value)

let private file kind = Path.Combine(UserCache.folder "code", identity.Value, kind)

let private keep kind (functions: Map<string, string>) =
    try
        let path = file kind
        UserCache.makePrivate (Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue "")
        let lines = functions |> Seq.map (fun entry -> $"{entry.Value} {entry.Key}\n")
        AtomicFile.WriteText(path, ofFunctions functions + "\n" + String.concat "" lines)
    with
    | :? IOException
    | :? UnauthorizedAccessException -> () // it is computed again the next time

/// Functions and hashes as lines of text.
let internal parse (lines: string seq) =
    lines
    |> Seq.choose (fun line ->
        match line.IndexOf ' ' with
        | at when at > 0 -> Some(line.Substring(at + 1), line.Substring(0, at))
        | _ -> None)
    |> Map.ofSeq

let private compute kind = lock reach (fun () -> reach.Value.From(reach.Value.Find(entry kind)))

/// Every function and type that stages of a kind reach, with the hash of each.
let functions kind : Map<string, string> =
    if File.Exists(file kind) then
        parse (File.ReadLines(file kind) |> Seq.skip 1)
    else
        let found = compute kind
        keep kind found
        found

let private hashes = Collections.Concurrent.ConcurrentDictionary<string, string>()

/// The hash of all code that a stage of this kind runs. Known without looking into the libraries where they were looked into before.
let ofKind kind : string =
    hashes.GetOrAdd(
        kind,
        fun kind ->
            try
                File.ReadLines(file kind) |> Seq.head
            with
            | :? IOException
            | :? UnauthorizedAccessException -> ofFunctions (functions kind)
    )
