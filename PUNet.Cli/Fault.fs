namespace PUNet.Cli

open PUNet.Dsl

/// Why a command did nothing: what the person who typed it can put right.
type Fault =
    /// The command line itself, in one line.
    | Usage of string
    /// Faults of the script.
    | InScript of Problem list

    /// The lines to show.
    member fault.Lines =
        match fault with
        | Usage line -> [ $"punet: {line}" ]
        | InScript problems -> problems |> List.map string
