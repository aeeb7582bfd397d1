namespace PUNet.Cli.CommandLine

open Argu

/// punet run
type RunArguments =
    | [<MainCommand>] Script of SCRIPT: string list
    | [<Unique>] Plan_Only
    | Force of STAGE: string
    | [<Unique>] Jobs of N: int
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Store of DIR: string
    | [<Unique>] Data of DIR: string
    | [<Unique>] Verify_Content
    | [<Unique>] Json
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Script _ -> "the script, and values for its arguments as NAME=VALUE."
            | Plan_Only -> "tell what would run and why, as `punet plan` does."
            | Force _ -> "run this stage even if its result is there; may be given several times."
            | Jobs _ -> "stages that run side by side, each on its share of the processors; by default one per processor."
            | Device _ -> "auto (the default), cpu or cuda."
            | Store _ -> "folder of the results; by default .punet in the script's project."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Verify_Content -> "read all input files again instead of trusting their sizes and times."
            | Json -> "tell what happens as one JSON object per line."
            | Debug -> "show stack traces of errors."
