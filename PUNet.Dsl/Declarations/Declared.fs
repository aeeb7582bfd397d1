/// Notes experiments as a script declares them, so that a host finds those that no name holds.
module PUNet.Dsl.Declared

open System.Threading

/// What a script has declared.
type private Notes = { Experiments: ResizeArray<Experiment>; Parts: ResizeArray<WaitingPart> }

let private current = AsyncLocal<Notes | null>()

/// Notes something, if somebody listens.
let private note (add: Notes -> unit) =
    match current.Value with
    | null -> ()
    | notes -> lock notes (fun () -> add notes)

/// Notes an experiment, if somebody listens.
let internal add experiment = note _.Experiments.Add(experiment)

/// Notes a part that waits for values of stages, if somebody listens.
let internal addPart part = note _.Parts.Add(part)

/// Does the work and gives what was declared meanwhile, in order: experiments, and parts that wait for values of stages.
let collect (work: unit -> unit) : Experiment list * WaitingPart list =
    let notes = { Experiments = ResizeArray(); Parts = ResizeArray() }
    let former = current.Value
    current.Value <- notes

    try
        work ()
    finally
        current.Value <- former

    List.ofSeq notes.Experiments, List.ofSeq notes.Parts

/// Does the work and gives the experiments that were declared meanwhile, in order.
let during (work: unit -> unit) : Experiment list = fst (collect work)
