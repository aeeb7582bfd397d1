namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open PUNet.Core.Common

/// Remembers the hashes of files by path, size, times of change and creation, so that unchanged files are not read again.
/// A file that changed within two seconds before it was hashed is not remembered: a further change might keep its times.
[<Sealed>]
type StatIndex(path: string, trust: bool) =
    let known = Dictionary<string, string>()
    let mutable changed = false

    let stamp (file: FileInfo) =
        [ file.Length; file.LastWriteTimeUtc.Ticks; file.CreationTimeUtc.Ticks ]
        |> List.map (fun number -> number.ToString CultureInfo.InvariantCulture)
        |> String.concat " "

    let load () =
        if File.Exists path then
            for line in File.ReadLines path do
                match line.Split('\t') with
                | [| hash; stamp; file |] -> known[file] <- $"{stamp}\t{hash}"
                | _ -> () // a line of another version: the file is hashed again

    do load ()

    /// Content hash of a file.
    member _.Hash(file: string) =
        let info = FileInfo file
        let current = stamp info

        match known.TryGetValue file with
        | true, entry when trust && entry.StartsWith(current + "\t", StringComparison.Ordinal) -> entry.Substring(current.Length + 1)
        | _ ->
            let hash = ContentHash.ofFile file
            let settled = DateTime.UtcNow - info.LastWriteTimeUtc > TimeSpan.FromSeconds 2.0

            if settled && not (file.Contains '\t' || file.Contains '\n') then
                known[file] <- $"{current}\t{hash}"
                changed <- true

            hash

    /// Writes the index if it learned anything.
    member _.Save() =
        if changed then
            let lines =
                known
                |> Seq.sortBy _.Key
                |> Seq.map (fun entry ->
                    let cut = entry.Value.IndexOf '\t'
                    $"{entry.Value.Substring(cut + 1)}\t{entry.Value.Substring(0, cut)}\t{entry.Key}\n")

            AtomicFile.WriteText(path, String.concat "" lines)
            changed <- false
