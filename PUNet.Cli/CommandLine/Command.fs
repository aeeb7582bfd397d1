namespace PUNet.Cli.CommandLine

/// An option as one command, or several that mean the same by it, takes it.
[<ReferenceEquality>]
type TakenOption =
    {
        /// Name of the case of `CommandOption`.
        Case: string
        /// What it means there beside what it means everywhere; may be empty.
        Meaning: string
    }

/// A command as it is typed: what its help tells is what reading it accepts.
type Command =
    {
        Name: string
        /// What it is for, in a few words.
        Purpose: string
        /// The words that it works on as they are typed; empty where it takes none.
        Form: string
        /// What each of these words is.
        Words: (string * string) list
        Options: TakenOption list
        /// Options of sister commands, by the names of their cases, with the reason why they have no meaning here.
        Refused: (string * string) list
        /// The words behind `punet` of one sensible command line.
        Example: string list
    }
