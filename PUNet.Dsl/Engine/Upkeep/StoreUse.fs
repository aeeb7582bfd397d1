namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.IO
open System.Threading

/// What a run works with, noted in the store as long as it lasts, so that `gc` in another process leaves it alone: a file
/// that names the results and is touched while the run lives. What a script runs is noted as its root, too.
[<Sealed>]
type StoreUse(store: Store, script: ScriptRun option) =
    static let beat = TimeSpan.FromSeconds 10.0
    let path = Path.Combine(store.Users, $"{Guid.NewGuid():N}")
    let known = HashSet<string>()

    let quietly (work: unit -> unit) =
        try
            work ()
        with
        | :? IOException
        | :? UnauthorizedAccessException -> () // the store may be readable only: then nobody can clear it up either

    let timer = new Timer((fun _ -> quietly (fun () -> File.SetLastWriteTimeUtc(path, DateTime.UtcNow))), null, beat, beat)

    /// Notes that the run works with a result, or on one.
    member _.Add(key: string, label: string) =
        lock known (fun () ->
            if known.Add key then
                Store.touch store key
                quietly (fun () -> File.AppendAllText(path, key + "\n"))
                script |> Option.iter (fun script -> script.Reach(key, label)))

    /// Notes that a stage of the run failed.
    member _.Fail(label: string, reason: string) = script |> Option.iter (fun script -> script.Fail(label, reason))

    interface IDisposable with
        member _.Dispose() =
            timer.Dispose()
            quietly (fun () -> File.Delete path)

module StoreUse =
    /// A run that was silent for so long has ended, however it ended.
    let private patience = TimeSpan.FromMinutes 10.0

    let private keysOf (path: string) =
        try
            List.ofArray (File.ReadAllLines path)
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException -> [] // the run ended meanwhile

    /// Results that runs of any process work with. None where the note of a run that may be alive cannot be read.
    let current (store: Store) (now: DateTime) : string list option =
        try
            if Directory.Exists store.Users then
                [ for path in Directory.EnumerateFileSystemEntries store.Users do
                      if now - File.GetLastWriteTimeUtc path < patience then
                          yield! keysOf path ]
                |> Some
            else
                Some []
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None
