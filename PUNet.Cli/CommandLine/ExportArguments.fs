namespace PUNet.Cli.CommandLine

open Argu

/// punet export
[<RequireQualifiedAccess>]
type ExportArguments =
    | [<MainCommand>] Model of MODEL: string list
    | [<Unique; AltCommandLine "-o">] Output of FILE: string
    | [<Unique>] Store of DIR: string
    | [<Unique>] Data of DIR: string
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Determinism of LEVEL: string
    | [<Unique>] Json
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Model _ ->
                "a backbone: the first digits of a result's id, SCRIPT.fsx:STAGE, or a folder; behind a stage NAME=VALUE for the script's arguments."
            | Output _ -> "the new safetensors file."
            | Store _ -> "folder of the results; by default .punet in the project around the current folder or the script."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Device _ -> "of a script's stage: the device that its run computed on: auto (the default), cpu or cuda."
            | Determinism _ -> "of a script's stage: the level that its run had: strict, seeded (the default) or fast."
            | Json -> "one JSON object."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
