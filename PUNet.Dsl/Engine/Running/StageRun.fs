/// Brings one stage to its outcome: from the store, computed here or by another process, or failed.
module internal PUNet.Dsl.Engine.StageRun

open System
open System.IO
open PUNet.Dsl.Engine.StageInputs

/// A failure in the words of the person who runs the experiment.
let private reason (store: Store) (error: exn) =
    let diskFull = [ 28; 122; 27; 0x80070070 ] // ENOSPC, EDQUOT, EFBIG; Windows

    match error with
    // where space is reserved ahead, .NET tells of a full disk in words alone
    | :? IOException when List.contains error.HResult diskFull || error.Message.Contains "disk was full" ->
        $"the disk of the store is full ({store.Root}); finished results are unharmed; free some space or choose another store with --store"
    | error -> PUNet.Core.Common.Native.FailureText.Of error

/// Takes the claim, then computes unless another process was faster. Loses the claim where it was suspended for long;
/// then the other's result is waited for.
let rec private claimAndCompute (session: RunSession) (node: GraphNode) inputs fields =
    let store, key = session.Store, StageKey.ofFields fields
    let forced = session.Options.Force.Contains node.Label

    let isDone () =
        not forced
        && (match PublishedFiles.find store node.Spec key with
            | Stored.Present _ -> true
            | _ -> false)

    let waitingFor holder = session.Emit(EngineEvent.WaitingForOther(node.Label, string holder))

    match Claim.acquire store.Claims key isDone waitingFor session.Cancellation with
    | Some claim ->
        use claim = claim

        try
            StageComputation.compute session node inputs fields claim (PublishedFiles.find store node.Spec key)
        with :? OperationCanceledException when claim.Lost.IsCancellationRequested && not session.Cancellation.IsCancellationRequested ->
            claimAndCompute session node inputs fields
    | None ->
        match Store.find store key with
        | Stored.Present provenance ->
            session.Use.Add(key, node.Label)
            session.Emit(EngineEvent.Cached(node.Label, key))
            StageOutcome.Cached provenance
        | _ -> raise (IOException $"the result {key} vanished from the store while it was waited for; run again")

/// Tells that a stage failed.
let fail (session: RunSession) (node: GraphNode) (error: exn) =
    let reason = reason session.Store error
    session.Use.Fail(node.Label, reason)
    session.Emit(EngineEvent.Failed(node.Label, reason, error))
    StageOutcome.Failed(reason, error)

/// One stage whose inputs are there. Raises `DamagedInput` where one of them is not what its own stage published.
let run (session: RunSession) (node: GraphNode) (inputs: ResolvedInput list) =
    let hashes = Map.ofList [ for input in inputs -> input.Record.Name, input.Record.Content ]
    let fields = StageKey.fields session.Options.Environment node.Spec hashes

    match PublishedFiles.find session.Store node.Spec (StageKey.ofFields fields) with
    | Stored.Present provenance when not (session.Options.Force.Contains node.Label) ->
        session.Use.Add(provenance.Key, node.Label)
        session.Emit(EngineEvent.Cached(node.Label, provenance.Key))
        StageOutcome.Cached provenance
    | _ ->
        try
            claimAndCompute session node inputs fields
        with
        | :? OperationCanceledException when session.Cancellation.IsCancellationRequested ->
            session.Emit(EngineEvent.Interrupted node.Label)
            StageOutcome.Interrupted
        | DamagedInput _ -> reraise ()
        | error -> fail session node error // whatever a stage raises ends that stage, not what is independent of it
