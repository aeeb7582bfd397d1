namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.IO
open System.Threading
open PUNet.Core.Common
open PUNet.Core.Common.Files

/// Remembers the hashes of files by path and by what the file system tells of them (see `FileStatus`), so that unchanged files are
/// not read again. A file that changed within two seconds before it was hashed is not remembered, since a further change might keep its
/// times. Several processes may save at once: each adds what it learned.
[<Sealed>]
type StatIndex(path: string, trust: bool) =
    static let settling = TimeSpan.FromSeconds 2.0
    static let attempts = 5
    static let pause = TimeSpan.FromMilliseconds 20.0
    static let patience = 250
    static let hashLength = 64

    /// Stamp and hash by path.
    static let load (path: string) =
        let entries = Dictionary<string, struct (string * string)>()

        // where the index is not there, damaged or not to be read, files are hashed again
        for line in (CheckedText.tryRead path |> Option.defaultValue "").Split '\n' do
            match line.Split('\t') with
            | [| hash; stamp; file |] when hash.Length = hashLength -> entries[file] <- struct (stamp, hash)
            | _ -> () // not written by this version: the file is hashed again

        entries

    let known = if trust then load path else Dictionary()
    let learned = Dictionary<string, struct (string * string)>()

    /// Waits for other processes that save; the system takes the lock from one that died.
    let rec lockFile remaining =
        try
            new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
        with :? IOException when remaining > 0 && File.Exists(path + ".lock") ->
            Thread.Sleep pause
            lockFile (remaining - 1)

    /// The hash of a file that stayed the same while it was read, with its status and when it was read.
    let rec settled (file: string) remaining =
        let started, before = DateTime.UtcNow, FileStatus.Of file
        let hash = FileHash.Of file

        if FileStatus.Of(file).Stamp = before.Stamp then hash, before, started
        elif remaining > 0 then settled file (remaining - 1)
        else raise (IOException $"{file} changes while it is read; run again once nothing writes to it")

    /// Content hash of a file. Raises IOException or UnauthorizedAccessException where it cannot be read.
    member _.Hash(file: string) : string =
        let current = FileStatus.Of(file).Stamp

        match known.TryGetValue file with
        | true, struct (stamp, hash) when stamp = current && current <> "" -> hash
        | _ ->
            let hash, status, started = settled file attempts

            if started - status.LastChange > settling && not (file.Contains '\t' || file.Contains '\n' || file.Contains '\r') then
                known[file] <- struct (status.Stamp, hash)
                learned[file] <- struct (status.Stamp, hash)

            hash

    /// Adds to the index what this process learned. Raises IOException or UnauthorizedAccessException where it cannot be written.
    member _.Save() =
        if learned.Count > 0 then
            use _ = lockFile patience
            let entries = load path

            for entry in learned do
                entries[entry.Key] <- entry.Value

            let lines =
                entries
                |> Seq.sortWith (fun a b -> String.CompareOrdinal(a.Key, b.Key))
                |> Seq.map (fun entry ->
                    let struct (stamp, hash) = entry.Value
                    $"{hash}\t{stamp}\t{entry.Key}\n")

            CheckedText.write path (String.concat "" lines)
            learned.Clear()
