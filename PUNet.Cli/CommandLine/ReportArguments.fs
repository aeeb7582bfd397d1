namespace PUNet.Cli.CommandLine

open Argu

/// punet report
type ReportArguments =
    | [<MainCommand>] Script of SCRIPT: string list
    | [<Unique; AltCommandLine("-o")>] Output of FILE: string
    | [<Unique>] Store of DIR: string
    | [<Unique>] Data of DIR: string
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Script _ -> "the script, and values for its arguments as NAME=VALUE."
            | Output _ -> "the file to write; by default the script's name with the ending .html, in the current folder."
            | Store _ -> "folder of the results; by default .punet in the script's project."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Device _ -> "auto (the default), cpu or cuda: the device that the results were computed on."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
