namespace PUNet.Dsl.Engine

open System
open PUNet.Core.Common

/// What the engine tells while it runs an experiment; the one stream behind progress, plain lines and `--json`.
/// Every event of a stage names it by the label that is unique in the graph.
[<RequireQualifiedAccess>]
type EngineEvent =
    /// Something about the store itself that a person should know.
    | Noticed of what: string
    /// The result was in the store; nothing was computed.
    | Cached of label: string * artifact: string
    /// The stage starts; `resumes` where a work folder of an interrupted run is there.
    | Started of label: string * reason: string * resumes: bool
    /// What the running stage itself tells.
    | Reported of label: string * report: StageEvent
    /// Another process computes this stage; its result will be used.
    | WaitingForOther of label: string * holder: string
    /// The result is in the store. `unchanged`: the same bytes as the former result of this stage, so what follows is not rerun.
    | Finished of label: string * artifact: string * elapsed: TimeSpan * unchanged: bool
    | Failed of label: string * reason: string * error: exn
    /// The stage's result is damaged and lies elsewhere now; the stage runs again.
    | SetAside of label: string * what: string * folder: string
    /// Not run, because a stage it depends on failed.
    | Skipped of label: string * because: string
    /// Stopped by the user; checkpoints are kept.
    | Interrupted of label: string
