/// Hashes of files and folders by content: SHA-256, 64 hexadecimal digits. Names of folders, dates and owners do not count.
module PUNet.Dsl.Engine.ContentHash

open System
open System.IO
open PUNet.Dsl

/// A file of a folder.
type HashedFile =
    {
        /// Relative to the folder, with forward slashes.
        Path: string
        Length: int64
        Hash: string
    }

/// Hash of a file's bytes.
let ofFile (path: string) = PUNet.Core.Common.Files.FileHash.Of path

/// Files below a folder in ordinal order of their relative paths.
let filesBelow (folder: string) =
    Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
    |> Seq.map (fun path -> Path.GetRelativePath(folder, path).Replace('\\', '/'))
    |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))
    |> List.ofSeq

/// Hash over the relative paths and contents of files.
let ofFiles (files: HashedFile seq) = files |> Seq.map (fun file -> $"{file.Hash} {file.Path}\n") |> String.concat "" |> Canonical.hashText

/// Whether a file of an artifact counts as its content: logs with times and the provenance itself do not.
let isContent (path: string) = path <> "provenance.json" && not (path.StartsWith("log/", StringComparison.Ordinal))

/// The content hash of an artifact: over those of its files that count.
let ofArtifact (files: HashedFile seq) = files |> Seq.filter (fun file -> isContent file.Path) |> ofFiles
