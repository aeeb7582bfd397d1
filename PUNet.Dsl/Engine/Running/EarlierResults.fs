/// Results that the code of a stage made before, from other inputs or with other settings.
module internal PUNet.Dsl.Engine.EarlierResults

open System.Collections.Generic
open System.IO
open System.Text.Json
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl

/// What lies in a folder; none where that cannot be told.
let private read folder =
    try
        Some(Provenance.read folder, folder)
    with
    | :? IOException
    | :? System.UnauthorizedAccessException
    | :? JsonException -> None

/// Damaged results that were set aside: most of their files are whole.
let private aside (store: Store) =
    if Directory.Exists store.Aside then
        Directory.EnumerateDirectories store.Aside |> Seq.choose read |> List.ofSeq
    else
        []

/// Those of the kind, code and environment that a key's fields name, the latest first.
let find (store: Store) (fields: Canonical) : EarlierResult list =
    let same (result: Provenance) =
        [ "kind"; "code"; "environment" ]
        |> List.forall (fun name -> CanonicalJson.field name result.Fields = CanonicalJson.field name fields)

    let published = Store.entries store |> List.map (fun result -> result, store.Artifact result.Key)

    published @ aside store
    |> List.filter (fst >> same)
    |> List.sortByDescending (fun (result, _) -> result.Ended)
    |> List.map (fun (result, folder) ->
        EarlierResult(folder, dict [ for file in result.Files -> file.Path, file.Hash ] :?> IReadOnlyDictionary<string, string>))
