/// The user's data as stages read it: the one place that lists and hashes it.
module PUNet.Dsl.Engine.UserFiles

open System
open System.IO
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Dsl

/// A folder of the user.
type UserSource =
    {
        /// Subjects and the files that may be opened.
        Dataset: DatasetSource
        /// Hash over all that a stage can learn from it: the files' contents, and what the layout makes of their names and tables.
        Content: string
    }

let private content (source: DatasetSource) =
    let labels =
        match source.Labels with
        | null -> Nothing
        | labels -> Canonical.fields [ for label in labels -> string label.Key, Text label.Value ]

    Canonical.fields
        [ "files", Canonical.fields [ for struct (name, hash) in source.Files -> name, Text hash ]
          "subjects", Sequence [ for subject in source.NamedSubjects -> CanonicalRecord.ofObject subject ]
          "labels", labels ]
    |> Canonical.hash

/// Lists and hashes the files of a dataset: those alone that its layout asks for. An error says what is missing or wrong, and where it
/// was looked for.
let read (index: StatIndex) (dataFolder: string) (path: DataPath) (layout: DatasetLayout) : Result<UserSource, string> =
    let folder = DataPath.resolve dataFolder path

    if not (Directory.Exists folder) then
        let hint =
            match path with
            | DataPath.InDataFolder relative ->
                $"the data folder is {dataFolder}; choose another with --data or PUNET_DATA, or put the files of \"{relative}\" there"
            | DataPath.Absolute _ -> "correct the path in the script"

        Error $"the folder {folder} does not exist; {hint}"
    else
        try
            let source = layout.Read(folder, fun file -> index.Hash file)
            Ok { Dataset = source; Content = content source }
        with
        | :? DatasetException as error -> Error error.Message
        | :? ImageFileException as error -> Error error.Message
        | :? IOException as error -> Error error.Message
        | :? UnauthorizedAccessException as error -> Error error.Message

/// Files that differ between two readings, for people.
let difference (before: DatasetSource) (after: DatasetSource) =
    let shown = 3
    let files (source: DatasetSource) = Map.ofList [ for struct (name, hash) in source.Files -> name, hash ]
    let before, after = files before, files after

    let differing =
        Seq.append before.Keys after.Keys
        |> Seq.distinct
        |> Seq.filter (fun name -> Map.tryFind name before <> Map.tryFind name after)
        |> List.ofSeq

    match differing with
    | [] -> "which subjects there are"
    | names when names.Length > shown -> (names |> List.truncate shown |> String.concat ", ") + $" and {names.Length - shown} more"
    | names -> String.concat ", " names
