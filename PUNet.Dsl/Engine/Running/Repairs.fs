namespace PUNet.Dsl.Engine

open System.Collections.Concurrent
open System.Threading

/// Results that turned out damaged while stages were about to read them: each is set aside and made again once in a run.
[<Sealed>]
type internal Repairs() =
    let gates = ConcurrentDictionary<string, obj>()
    let causes = ConcurrentDictionary<string, string>()
    let times = ConcurrentDictionary<string, int>()
    let mutable changed = 0

    /// What stages that wait for one stage's repair meet at.
    member _.Gate(id: string) = gates.GetOrAdd(id, fun _ -> obj ())

    /// Notes that the result of a stage is made again; how often it was in this run.
    member _.Begin(id: string, key: string, what: string) =
        causes[key] <- what
        times.AddOrUpdate(id, 1, (fun _ before -> before + 1))

    /// Why the result of a key is made again, if it is.
    member _.Cause(key: string) =
        match causes.TryGetValue key with
        | true, what -> Some what
        | _ -> None

    /// Notes that a repaired result has another content than the damaged one was published with.
    member _.NoteChange() = Interlocked.Exchange(&changed, 1) |> ignore

    /// Whether one has since this was last asked: then stages that had read the former one are looked at again.
    member _.TakeChange() = Interlocked.Exchange(&changed, 0) = 1
