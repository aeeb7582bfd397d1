/// The lines that terminals and logs share.
module PUNet.Cli.Rendering.EventText

open PUNet.Core.Common
open PUNet.Dsl.Engine

/// The line of an event, if it is worth one of its own: progress and measured figures are not.
let line (event: EngineEvent) : string option =
    match event with
    | EngineEvent.Cached(label, _) -> Some $"{label}: cached"
    | EngineEvent.Started(label, reason, false) -> Some $"{label}: {reason}"
    | EngineEvent.Started(label, reason, true) -> Some $"{label}: goes on where it was stopped ({reason})"
    | EngineEvent.Reported(label, (:? StageEvent.Message as message)) -> Some $"{label}: {message.Text}"
    | EngineEvent.Reported(label, (:? StageEvent.Warning as warning)) -> Some $"{label}: warning: {warning.Text}"
    | EngineEvent.Reported _ -> None
    | EngineEvent.WaitingForOther(label, holder) -> Some $"{label}: {holder} computes it, waiting for the result"
    | EngineEvent.Finished(label, _, elapsed, true) -> Some $"{label}: done in {Duration.show elapsed}, the same result as before"
    | EngineEvent.Finished(label, _, elapsed, false) -> Some $"{label}: done in {Duration.show elapsed}"
    | EngineEvent.Failed(label, reason, _) -> Some $"{label}: failed: {reason}"
    | EngineEvent.SetAside(label, what, folder) -> Some $"{label}: its result is damaged ({what}) and was set aside in {folder}"
    | EngineEvent.Noticed what -> Some what
    | EngineEvent.Skipped(label, because) -> Some $"{label}: not run, because {because} failed"
    | EngineEvent.Interrupted label -> Some $"{label}: stopped, its checkpoints are kept"
