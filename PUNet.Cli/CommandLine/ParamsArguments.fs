namespace PUNet.Cli.CommandLine

open Argu

/// punet params
[<RequireQualifiedAccess>]
type ParamsArguments =
    | [<MainCommand>] Model of MODEL: string list
    | [<Unique>] Variant of NAME: string
    | [<Unique>] Classes of LIST: string
    | [<Unique>] Backbone of DIR: string
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
                "a backbone or what was tuned on one: the first digits of a result's id, SCRIPT.fsx:STAGE, or a folder; behind a stage NAME=VALUE for the script's arguments."
            | Variant _ -> "for a backbone: what this adaptation would train, for example prompt-tune, tune-output or tune-biases."
            | Classes _ -> "for --variant: the new classes, by name or label: lungs,5."
            | Backbone _ -> "folder of the backbone, for an adapter whose own is not in the store."
            | Store _ -> "folder of the results; by default .punet in the project around the current folder or the script."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Device _ -> "of a script's stage: the device that its run computed on: auto (the default), cpu or cuda."
            | Determinism _ -> "of a script's stage: the level that its run had: strict, seeded (the default) or fast."
            | Json -> "one JSON object."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
