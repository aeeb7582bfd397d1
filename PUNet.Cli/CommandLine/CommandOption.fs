namespace PUNet.Cli.CommandLine

open Argu

/// Every option of the command line: how it is typed, the name of its value, and what it means wherever it is taken. Which command takes
/// which is said in `Commands`, with what else an option means there.
[<RequireQualifiedAccess>]
type CommandOption =
    | [<Unique>] Store of DIR: string
    | [<Unique>] Data of DIR: string
    | [<Unique>] Device of DEVICE: string
    | [<Unique>] Determinism of LEVEL: string
    | [<Unique>] Verify_Content
    | [<Unique>] Libtorch of DIR: string
    | [<Unique>] Jobs of N: int
    | Force of STAGE: string
    | [<Unique>] Plan_Only
    | [<Unique>] Share_With_Group
    | [<Unique>] Exit_Code
    | [<Unique; AltCommandLine "-o">] Output of PATH: string
    | [<Unique>] Dot
    | [<Unique>] Layout of NAME: string
    | [<Unique>] Image of PATTERN: string
    | [<Unique>] Labels of PATTERN: string
    | [<Unique>] Channel of N: int
    | [<Unique>] Unit of NAME: string
    | [<Unique>] Group_By of PATTERN: string
    | [<Unique>] Classes of LIST: string
    | [<Unique>] Base_Classes of LIST: string
    | [<Unique>] Variant of NAME: string
    | [<Unique>] Backbone of DIR: string
    | Adapter of PATH: string
    | [<Unique>] Nnunet of DIR: string
    | [<Unique>] Organ of NAME: string
    | [<Unique>] Images of DIR: string
    | [<Unique>] Label of N: int
    | [<Unique>] Seed of N: int64
    | [<Unique>] Overlap of SHARE: string
    | [<Unique>] Largest_Component of LIST: string
    | [<Unique>] Split
    | [<Unique>] Probabilities
    | [<Unique>] Preview
    | [<Unique>] Teacher
    | [<Unique>] Student_Patch of HWD: string
    | [<Unique>] Second_Student_Patch of HWD: string
    | [<Unique>] Teacher_Patch of HWD: string
    | [<Unique>] Placement of NAME: string
    | [<Unique>] Window_Hu of RANGE: string
    | [<Unique>] Delete
    | [<Unique>] Max_Size of SIZE: string
    | [<Unique>] Torch
    | [<Unique>] Json
    | [<Unique>] Debug

    interface IArgParserTemplate with
        member option.Usage =
            match option with
            | Store _ -> "folder of the results; by default .punet in the project around the script, or around the current folder."
            | Data _ -> "folder that relative data paths of the script start from; by default PUNET_DATA, or data beside the script."
            | Device _ -> "what the stages compute on, or did when their results were made: auto (the default), cpu or cuda."
            | Determinism _ ->
                "what is promised of results. strict: one thread a stage; on a CPU the same bits for the same key, which then holds what of "
                + "the processor decides them; seeded (the default): the same random draws, while threads and processor may change the last "
                + "bits; fast: as seeded, with all threads for each stage."
            | Verify_Content -> "read all input files again instead of trusting their sizes and times."
            | Libtorch _ ->
                "folder of an installed PyTorch, or of an unpacked libtorch, to compute with; by default PUNET_LIBTORCH, or PUNet's own."
            | Jobs _ -> "how many at a time, by default one per processor:"
            | Force _ -> "run this stage even if its result is there; may be given several times."
            | Plan_Only -> "tell what would run and why, as `punet plan` does."
            | Share_With_Group -> "share the store with the group of its folder from now on; a new store is its owner's alone without it."
            | Exit_Code -> "end with 1 if something would run, for use in CI."
            | Output _ -> "what to write:"
            | Dot -> "Graphviz DOT instead of Mermaid."
            | Layout _ ->
                "how its files are named: ct-org, btcv, nnunet, pairs, parts (train, validation, test), csv or prepared; by default what it "
                + "looks like."
            | Image _ -> "for pairs and parts: name of an image with {id} for the subject, for example images/{id} or {id}_ct."
            | Labels _ -> "the label maps:"
            | Channel _ -> "for nnunet: which channel to check, from 0."
            | Unit _ -> "unit of the intensities: hu or any; by default what most images look like."
            | Group_By _ -> "regular expression that finds the patient in a subject's id, for example ^[^_]+"
            | Classes _ -> "classes, with commas between them:"
            | Base_Classes _ -> "the classes it was trained on, by name or label: liver,bladder."
            | Variant _ -> "for a backbone: what this adaptation would train, for example prompting, fixed or bias-prompting."
            | Nnunet _ ->
                "a new folder for a prepared dataset as nnU-Net reads it raw: imagesTr, labelsTr, imagesTs, labelsTs, dataset.json."
            | Organ _ -> "name of the organ that is added."
            | Images _ -> "folder of the annotated scans."
            | Label _ -> "the organ's value in the label maps; by default the only one that they hold."
            | Seed _ -> "of everything random; by default 1."
            | Adapter _ -> "an adapter of the backbone, its folder or its file; may be given several times."
            | Overlap _ -> "of neighbouring windows, as a share of the window from 0 to 0.95; by default 0.5."
            | Largest_Component _ -> "classes of whose masks the largest component alone is kept, with commas between them."
            | Split -> "a file with the mask of each class beside the label map."
            | Probabilities -> "a file with the probability of each class, 32-bit numbers from 0 to 1."
            | Preview -> "a picture of the slices on which the classes are largest."
            | Backbone _ -> "folder of the backbone, for an adapter whose own is not in the store."
            | Teacher -> "take the teacher's network instead of the student's."
            | Student_Patch _ -> "patch of the first student in voxels, as H,W,D; by default what the file tells, or the paper's."
            | Second_Student_Patch _ -> "patch of the second student, as H,W,D."
            | Teacher_Patch _ -> "patch of the teacher, as H,W,D."
            | Placement _ -> "where prompts enter the network: full, encoder, decoder, start or end; checked against the file."
            | Window_Hu _ -> "intensities that become -1 and 1, as LOW,HIGH in HU; by default -1000,1000."
            | Delete -> "delete what is listed; without it nothing is changed."
            | Max_Size _ ->
                "of what no script's last run needs, let only the least recently used go, until all results are not larger, for example 20GB."
            | Torch -> "load libtorch and tell its threads and devices."
            | Json -> "write JSON, one object per line."
            | Debug -> "show stack traces of errors."
