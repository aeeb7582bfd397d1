/// Notes experiments as a script declares them, so that a host finds those that no name holds.
module PUNet.Dsl.Declared

open System.Threading

let private current = AsyncLocal<ResizeArray<Experiment> | null>()

/// Notes an experiment, if somebody listens.
let internal add experiment =
    match current.Value with
    | null -> ()
    | experiments -> lock experiments (fun () -> experiments.Add experiment)

/// Does the work and gives the experiments that were declared meanwhile, in order.
let during (work: unit -> unit) : Experiment list =
    let experiments = ResizeArray<Experiment>()
    let former = current.Value
    current.Value <- experiments

    try
        work ()
    finally
        current.Value <- former

    List.ofSeq experiments
