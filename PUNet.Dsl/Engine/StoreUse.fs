namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.IO
open System.Threading

/// What a run works with, noted in the store as long as it lasts, so that `gc` in another process leaves it alone: a file
/// that names the results and is touched while the run lives.
[<Sealed>]
type StoreUse(store: Store) =
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

    /// Notes that the run works with a result.
    member _.Add(key: string) =
        lock known (fun () ->
            if known.Add key then
                Store.touch store key
                quietly (fun () -> File.AppendAllText(path, key + "\n")))

    interface IDisposable with
        member _.Dispose() =
            timer.Dispose()
            quietly (fun () -> File.Delete path)

module StoreUse =
    /// A run that was silent for so long has ended, however it ended.
    let private patience = TimeSpan.FromMinutes 10.0

    /// Results that runs of any process work with.
    let current (store: Store) (now: DateTime) : string list =
        if not (Directory.Exists store.Users) then
            []
        else
            [ for path in Directory.EnumerateFiles store.Users do
                  if now - File.GetLastWriteTimeUtc path < patience then
                      yield! File.ReadAllLines path ]
