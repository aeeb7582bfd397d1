/// Notes experiments as a script declares them, so that a host finds those that no name holds.
module PUNet.Dsl.Declared

open System.Threading

/// What a script has declared.
type private Notes =
    { Experiments: ResizeArray<Experiment>
      Parts: ResizeArray<WaitingPart>
      Remarks: ResizeArray<string> }

/// What a script has declared, in order.
[<NoComparison; NoEquality>]
type Collected =
    {
        Experiments: Experiment list
        /// Parts that wait for values of stages.
        Parts: WaitingPart list
        /// Sentences for the person who runs the script, for example on a choice that was close.
        Remarks: string list
    }

let private current = AsyncLocal<Notes | null>()

/// Notes something, if somebody listens.
let private note (add: Notes -> unit) =
    match current.Value with
    | null -> ()
    | notes -> lock notes (fun () -> add notes)

/// Whether somebody listens, who runs afterwards what is declared.
let internal isCollecting () = not (isNull current.Value)

/// Notes an experiment, if somebody listens.
let internal add experiment = note _.Experiments.Add(experiment)

/// Notes a part that waits for values of stages, if somebody listens.
let internal addPart part = note _.Parts.Add(part)

/// Notes a sentence for the person who runs the script, if somebody listens.
let internal addRemark text = note _.Remarks.Add(text)

/// Does the work and gives what was declared meanwhile.
let collect (work: unit -> unit) : Collected =
    let notes: Notes = { Experiments = ResizeArray(); Parts = ResizeArray(); Remarks = ResizeArray() }
    let former = current.Value
    current.Value <- notes

    try
        work ()
    finally
        current.Value <- former

    { Experiments = List.ofSeq notes.Experiments
      Parts = List.ofSeq notes.Parts
      Remarks = List.ofSeq notes.Remarks }

/// Does the work and gives the experiments that were declared meanwhile, in order.
let during (work: unit -> unit) : Experiment list = (collect work).Experiments
