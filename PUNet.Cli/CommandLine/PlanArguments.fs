namespace PUNet.Cli.CommandLine

open Argu

/// punet plan
type PlanArguments =
    | [<MainCommand>] Script of SCRIPT: string list
    | [<Unique>] Exit_Code
    | Force of STAGE: string
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
            | Exit_Code -> "end with 1 if something would run, for use in CI."
            | Force _ -> "plan as if this stage were to run again; may be given several times."
            | Device _ -> "auto (the default), cpu or cuda."
            | Store _ -> "folder of the results; by default .punet in the script's project."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Verify_Content -> "read all input files again instead of trusting their sizes and times."
            | Json -> "one JSON object per stage and line."
            | Debug -> "show stack traces of errors."
