namespace PUNet.Cli.CommandLine

open Argu

/// punet graph
type GraphArguments =
    | [<MainCommand>] Script of SCRIPT: string list
    | [<Unique>] Dot
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Script _ -> "the script, and values for its arguments as NAME=VALUE."
            | Dot -> "Graphviz DOT instead of Mermaid."
            | Debug -> "show stack traces of errors."
