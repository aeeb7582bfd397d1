namespace PUNet.Cli.CommandLine

open Argu

/// punet run, plan, explain, report: whatever takes a script, a store and data. A command says itself what it cannot use.
type RunArguments =
    | [<MainCommand>] Script of SCRIPT: string list
    | [<Unique>] Plan_Only
    | [<Unique>] Exit_Code
    | Force of STAGE: string
    | [<Unique>] Jobs of N: int
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Determinism of LEVEL: string
    | [<Unique>] Store of DIR: string
    | [<Unique>] Share_With_Group
    | [<Unique>] Data of DIR: string
    | [<Unique>] Verify_Content
    | [<Unique; AltCommandLine("-o")>] Output of FILE: string
    | [<Unique>] Json
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | Script _ -> "the script, and values for its arguments as NAME=VALUE; `--help SCRIPT` lists them."
            | Plan_Only -> "of `run`: tell what would run and why, as `plan` does."
            | Exit_Code -> "of `plan`: end with 1 if something would run, for use in CI."
            | Force _ -> "run this stage even if its result is there; may be given several times."
            | Jobs _ -> "of `run`: stages that run side by side, each on its share of the processors; by default one per processor."
            | Device _ -> "auto (the default), cpu or cuda."
            | Determinism _ ->
                "strict: one thread a stage; on a CPU the same bits for the same key, which then holds what of the processor decides them; "
                + "seeded (the default): the same random draws, while threads and processor may change the last bits; "
                + "fast: as seeded, with all threads for each stage."
            | Store _ -> "folder of the results; by default .punet in the script's project."
            | Share_With_Group ->
                "of `run`: share the store with the group of its folder from now on; a new store is its owner's alone without it."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Verify_Content -> "read all input files again instead of trusting their sizes and times."
            | Output _ -> "of `report`: the file to write; by default the script's name with the ending .html, in the current folder."
            | Json -> "tell what happens as one JSON object per line."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
