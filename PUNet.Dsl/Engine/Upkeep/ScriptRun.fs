namespace PUNet.Dsl.Engine

open System
open System.IO

/// Notes in a store what a script runs, so that `gc` keeps it: while it runs, what it reached together with what its former
/// run had; once it is done, what it needed this time.
[<Sealed>]
type ScriptRun(store: Store, script: string) =
    let start = ScriptRoot.ofScript script

    let quietly (work: unit -> unit) =
        try
            work ()
        with
        | :? IOException
        | :? UnauthorizedAccessException -> () // the store may be readable only: then nobody can clear it up either

    /// What is noted now; another run of the same script may have added to it.
    let former () = ScriptRoot.tryRead store start.Id |> Option.defaultValue start

    /// Notes that the run needs a result, or works on it.
    member _.Reach(key: string, label: string) =
        lock start (fun () ->
            let former = former ()

            if former.Results |> List.forall (fun result -> result.Key <> key) then
                let results = former.Results @ [ { Key = key; Label = label } ]

                quietly (fun () ->
                    ScriptRoot.write store { start with Results = results; Earlier = former.Earlier; Failures = former.Failures }))

    /// Notes that a stage failed, for whoever looks at the results later.
    member _.Fail(label: string, reason: string) =
        lock start (fun () ->
            let former = former ()
            let others = former.Failures |> List.filter (fun failure -> failure.Stage <> label)
            let failures = others @ [ { Stage = label; Reason = reason } ]

            quietly (fun () ->
                ScriptRoot.write store { start with Results = former.Results; Earlier = former.Earlier; Failures = failures }))

    /// Notes that the run came to its end, and all that it needed.
    member _.Complete(results: RootedResult list) =
        let former = former ()
        let needed = results |> List.map _.Key |> Set.ofList

        let earlier =
            (former.Results |> List.map _.Key) @ former.Earlier
            |> List.distinct
            |> List.filter (fun key -> not (needed.Contains key) && StoreTree.exists (store.Artifact key))

        quietly (fun () -> ScriptRoot.write store { start with Results = results; Earlier = earlier })
