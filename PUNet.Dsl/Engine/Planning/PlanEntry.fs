namespace PUNet.Dsl.Engine

open PUNet.Dsl

/// A field of a key that differs from the nearest entry of the store.
type FieldChange =
    {
        /// For example parameters.epochs, inputs.scans, environment.device.
        Field: string
        /// Value in the store; none where the field is new.
        Before: string option
        /// Value now; none where the field is gone.
        After: string option
        /// Of changed code: the functions that changed, as far as they are known.
        Functions: string list
    }

    /// epochs: 100 → 60; code: FocalLoss.forward changed
    override change.ToString() =
        let shown = 3

        if change.Functions.IsEmpty then
            change.Values
        else
            let named = change.Functions |> List.truncate shown |> String.concat ", "
            let more = change.Functions.Length - shown
            $"{change.Field}: {named}" + (if more > 0 then $" and {more} more" else "") + " changed"

    /// epochs: 100 → 60
    member change.Values =
        match change.Before, change.After with
        | None, Some after -> $"{change.Field}: {after} (new)"
        | Some before, None -> $"{change.Field}: no longer there (was {before})"
        | before, after -> let text = Option.defaultValue "" in $"{change.Field}: {text before} → {text after}"

/// Why a stage runs.
[<RequireQualifiedAccess>]
type RunReason =
    /// The store holds no former result of this stage.
    | NeverRun
    /// Differs from the nearest result in the store in these fields.
    | Changed of nearest: string * changes: FieldChange list
    /// The result in the store is damaged or incomplete.
    | Damaged of artifact: string * what: string
    /// The user asked for it.
    | Forced

    override reason.ToString() =
        match reason with
        | NeverRun -> "never run"
        | Changed(_, changes) ->
            let shown = 4
            let named = changes |> List.truncate shown |> List.map string |> String.concat ", "
            if changes.Length > shown then $"{named} and {changes.Length - shown} more" else named
        | Damaged(_, what) -> $"damaged: {what}"
        | Forced -> "forced"

/// What would happen to a stage.
[<RequireQualifiedAccess>]
type PlanStatus =
    /// The result is in the store.
    | Cached of artifact: string
    | Run of RunReason
    /// An interrupted run left checkpoints under this key; `progress` says how far, where it is known.
    | Resume of progress: string
    /// Stages that run before and whose results decide whether this one runs. `changes`: what differs in any case; `former`: a
    /// result that stays valid if nothing differs and theirs come out as before.
    | Waiting of upstream: string list * changes: FieldChange list * former: string option
    /// An input of the user is missing or cannot be read.
    | MissingInput of what: string

/// A stage in a plan.
type PlanEntry =
    {
        Node: GraphNode
        /// Key of the stage; none while an input's content is not known.
        Key: string option
        /// Content hashes of the inputs, as far as they are known.
        Known: Map<string, string>
        Status: PlanStatus
    }
