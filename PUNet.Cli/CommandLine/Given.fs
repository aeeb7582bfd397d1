namespace PUNet.Cli.CommandLine

open Argu

/// What was typed behind a command's name.
type Given =
    {
        /// The words that stand alone.
        Words: string list
        Options: ParseResults<CommandOption>
    }
