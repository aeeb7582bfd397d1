namespace PUNet.Cli.CommandLine

open Argu

/// punet import
[<RequireQualifiedAccess>]
type ImportArguments =
    | [<MainCommand>] File of FILE: string list
    | [<Unique; AltCommandLine "-o">] Output of DIR: string
    | [<Unique>] Teacher
    | [<Unique>] Student_Patch of HWD: string
    | [<Unique>] Second_Student_Patch of HWD: string
    | [<Unique>] Teacher_Patch of HWD: string
    | [<Unique>] Placement of NAME: string
    | [<Unique>] Classes of LIST: string
    | [<Unique>] Base_Classes of LIST: string
    | [<Unique>] Window_Hu of RANGE: string
    | [<Unique>] Json
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member argument.Usage =
            match argument with
            | File _ ->
                "a Lightning checkpoint (.ckpt) of the published implementation, a state dictionary of PyTorch, or a safetensors file."
            | Output _ -> "the new folder of the backbone."
            | Teacher -> "take the teacher's network instead of the student's."
            | Student_Patch _ -> "patch of the first student in voxels, as H,W,D; by default what the file tells, or the paper's."
            | Second_Student_Patch _ -> "patch of the second student, as H,W,D."
            | Teacher_Patch _ -> "patch of the teacher, as H,W,D."
            | Placement _ -> "where prompts enter the network: full, encoder, decoder, start or end; checked against the file."
            | Classes _ -> "names of the foreground classes in the order of their labels: liver,bladder,lungs."
            | Base_Classes _ -> "the classes it was trained on, by name or label: liver,bladder."
            | Window_Hu _ -> "intensities that become -1 and 1, as LOW,HIGH in HU; by default -1000,1000."
            | Json -> "one JSON object."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Debug -> "show stack traces of errors."
