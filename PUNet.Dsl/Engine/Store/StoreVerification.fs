/// Whether results are what was published, to the last byte.
module PUNet.Dsl.Engine.StoreVerification

open System
open System.IO

let private faultOf (folder: string) (file: ContentHash.HashedFile) =
    let path = Path.Combine(folder, file.Path)

    try
        if not (File.Exists path) then Some $"{file.Path} is missing"
        elif StoreTree.isLink path then Some $"{file.Path} is a link"
        elif ContentHash.ofFile path <> file.Hash then Some $"{file.Path} has another content"
        else None
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> Some $"{file.Path} cannot be read: {error.Message}"

/// Files and links that were not published.
let private extras (folder: string) (provenance: Provenance) =
    let known = Set.ofList (Provenance.fileName :: [ for file in provenance.Files -> file.Path ])

    try
        [ for entry in StoreTree.entriesBelow folder do
              let path = Path.GetRelativePath(folder, entry.FullName).Replace('\\', '/')

              if not (known.Contains path) && (entry :? FileInfo || not (isNull entry.LinkTarget)) then
                  $"{path} was not there when it was published" ]
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> [ $"a folder cannot be read: {error.Message}" ]

/// What of an artifact is not what was published: contents of files, files that came or went, and what its provenance says of
/// key and content. Empty for an intact one.
let faults (store: Store) (provenance: Provenance) : string list =
    let folder = store.Artifact provenance.Key

    [ if StageKey.ofFields provenance.Fields <> provenance.Key then
          "its key does not follow from the fields in its provenance.json"
      if ContentHash.ofArtifact provenance.Files <> provenance.Content then
          "its content does not follow from the files in its provenance.json"
      yield! provenance.Files |> List.choose (faultOf folder)
      yield! extras folder provenance ]
