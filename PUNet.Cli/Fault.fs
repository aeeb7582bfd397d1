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

    /// The lines to show to those who want to know all that a tool said.
    member fault.AllLines =
        match fault with
        | Usage _ -> fault.Lines
        | InScript problems ->
            [ for problem in problems do
                  string problem

                  if problem.Details <> "" then
                      $"    {problem.Details}" ]
