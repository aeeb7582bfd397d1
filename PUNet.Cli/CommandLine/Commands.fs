/// All commands, each with the options that it takes.
module PUNet.Cli.CommandLine.Commands

let private plain case = { Case = case; Meaning = "" }
let private meaning case text = { Case = case; Meaning = text }

let private store = plain (nameof CommandOption.Store)
let private json = plain (nameof CommandOption.Json)
let private libtorch = plain (nameof CommandOption.Libtorch)
let private debug = plain (nameof CommandOption.Debug)

/// What decides which results are meant: other answers mean other results.
let private places =
    [ store
      plain (nameof CommandOption.Data)
      plain (nameof CommandOption.Device)
      plain (nameof CommandOption.Determinism) ]

let private verifyContent = plain (nameof CommandOption.Verify_Content)
let private force = plain (nameof CommandOption.Force)

/// So that a command line of `run` becomes one of `plan` or `explain` by another first word.
let private jobsOfRun = meaning (nameof CommandOption.Jobs) "stages that `punet run` computes; nothing here depends on it."

/// Options of one command that takes a script, and the command.
let private elsewhere =
    [ nameof CommandOption.Plan_Only, "run"
      nameof CommandOption.Share_With_Group, "run"
      nameof CommandOption.Exit_Code, "plan"
      nameof CommandOption.Output, "report" ]

let private script = "SCRIPT.fsx", "the script."
let private values = "NAME=VALUE", "a value for an argument of the script; `--help SCRIPT.fsx` lists them."

/// A command that takes a script, the options of its sisters refused.
let private ofScript name purpose options example : Command =
    { Name = name
      Purpose = purpose
      Form = "SCRIPT.fsx [NAME=VALUE …]"
      Words = [ script; values ]
      Options = options
      Refused = [ for case, other in elsewhere |> List.filter (snd >> (<>) name) -> case, $"; `punet {other}` does" ]
      Example = example }

let run =
    ofScript
        "run"
        "run what is not in the store yet"
        [ yield! places
          meaning (nameof CommandOption.Jobs) "stages that run side by side, each on its share of the processors; on a GPU one by default."
          force
          verifyContent
          plain (nameof CommandOption.Plan_Only)
          plain (nameof CommandOption.Share_With_Group)
          libtorch
          json
          debug ]
        [ "run"; "experiments/quickstart.fsx"; "--jobs"; "2" ]

let plan =
    ofScript
        "plan"
        "tell what would run, and why"
        [ yield! places; force; verifyContent; jobsOfRun; plain (nameof CommandOption.Exit_Code); libtorch; json; debug ]
        [ "plan"; "experiments/quickstart.fsx"; "--exit-code" ]

let explain =
    let command =
        ofScript
            "explain"
            "the fields of a stage's key, against the nearest result"
            [ yield! places; force; verifyContent; jobsOfRun; libtorch; json; debug ]
            [ "explain"; "experiments/quickstart.fsx"; "promptTune(bladder)" ]

    { command with
        Form = "SCRIPT.fsx STAGE [NAME=VALUE …]"
        Words = [ script; "STAGE", "the name of a stage, as `punet plan` tells it."; values ] }

let graph =
    let command =
        ofScript
            "graph"
            "the script's stages as a drawing"
            [ plain (nameof CommandOption.Dot); debug ]
            [ "graph"; "experiments/quickstart.fsx"; "--dot" ]

    { command with Refused = [] }

let report =
    let command =
        ofScript
            "report"
            "the results of a script on one offline page"
            [ meaning (nameof CommandOption.Output) "the page; by default the script's name with the ending .html, in the current folder."
              yield! places
              verifyContent
              libtorch
              debug ]
            [ "report"; "experiments/quickstart.fsx"; "-o"; "quickstart.html" ]

    // A report only reads: what steers a run or its messages has no meaning there.
    let steering = [ nameof CommandOption.Force; nameof CommandOption.Jobs; nameof CommandOption.Json ]

    { command with
        Refused = command.Refused @ [ for case in steering -> case, ": it writes what is in the store" ] }

let data =
    { Name = "data"
      Purpose = "data check DIR: integrity of a dataset"
      Form = "check DIR"
      Words = [ "DIR", "the dataset's folder, as it was downloaded or as preparation wrote it." ]
      Options =
        [ plain (nameof CommandOption.Layout)
          plain (nameof CommandOption.Image)
          meaning (nameof CommandOption.Labels) "for pairs and parts, the name of one with {id}, for example labels/{id} or {id}_seg."
          plain (nameof CommandOption.Channel)
          meaning (nameof CommandOption.Classes) "the label values that may occur, with names: 1=liver,2=spleen."
          plain (nameof CommandOption.Unit)
          plain (nameof CommandOption.Group_By)
          meaning (nameof CommandOption.Jobs) "subjects that are read."
          meaning (nameof CommandOption.Json) "First the findings, then the subjects, then a summary."
          debug ]
      Refused = []
      Example = [ "data"; "check"; "data/abdomen"; "--layout"; "pairs"; "--image"; "images/{id}"; "--labels"; "labels/{id}" ] }

let private model = "the first digits of a result's id, SCRIPT.fsx:STAGE, or a folder."
let private tuned = "MODEL", $"a backbone or what was tuned on one: {model}"
let private backbone = "MODEL", $"a backbone: {model}"

let parameters =
    { Name = "params"
      Purpose = "frozen and trained parameters of a model"
      Form = "MODEL [NAME=VALUE …]"
      Words = [ tuned; values ]
      Options =
        [ plain (nameof CommandOption.Variant)
          meaning (nameof CommandOption.Classes) "for --variant, the new classes by name or label: lungs,5."
          plain (nameof CommandOption.Backbone)
          yield! places
          libtorch
          json
          debug ]
      Refused = []
      Example = [ "params"; "experiments/quickstart.fsx:pretrain"; "--variant"; "prompting"; "--classes"; "bladder" ] }

let predict =
    { Name = "predict"
      Purpose = "segment scans with a model"
      Form = "MODEL [NAME=VALUE …] IMAGE … -o DIR"
      Words = [ tuned; values; "IMAGE", "a NIfTI image of any orientation and spacing, or a folder of such." ]
      Options =
        [ meaning
              (nameof CommandOption.Output)
              "the folder of the results: for each scan a label map on its own grid, with the dataset's own values; labels.json, volumes.csv."
          plain (nameof CommandOption.Adapter)
          meaning (nameof CommandOption.Classes) "those to segment, by name; by default all that the model learned."
          plain (nameof CommandOption.Largest_Component)
          plain (nameof CommandOption.Overlap)
          plain (nameof CommandOption.Split)
          plain (nameof CommandOption.Probabilities)
          plain (nameof CommandOption.Preview)
          plain (nameof CommandOption.Backbone)
          yield! places
          libtorch
          meaning (nameof CommandOption.Json) "One line for each scan."
          debug ]
      Refused = []
      Example = [ "predict"; "experiments/quickstart.fsx:pretrain"; "scans"; "-o"; "segmentations"; "--preview" ] }

let add =
    { Name = "add"
      Purpose = "teach a backbone an organ"
      Form = "MODEL --organ NAME --images DIR --labels DIR [-o FILE]"
      Words = [ backbone; values ]
      Options =
        [ plain (nameof CommandOption.Organ)
          plain (nameof CommandOption.Images)
          meaning
              (nameof CommandOption.Labels)
              "their folder; names are those of the scans but for words like image and label (ct_01 and seg_01)."
          plain (nameof CommandOption.Label)
          meaning (nameof CommandOption.Output) "the adapter's new file; by default ORGAN.safetensors in the current folder."
          plain (nameof CommandOption.Seed)
          yield! places
          libtorch
          json
          debug ]
      Refused = []
      Example = [ "add"; "experiments/quickstart.fsx:pretrain"; "--organ"; "spleen"; "--images"; "scans"; "--labels"; "masks" ] }

let evaluate =
    { Name = "evaluate"
      Purpose = "score label maps, whoever made them"
      Form = "PREDICTIONS REFERENCES"
      Words =
        [ "PREDICTIONS", "a folder of label maps."
          "REFERENCES", "a folder of their references, which have the same names; every one of them is scored." ]
      Options =
        [ meaning
              (nameof CommandOption.Classes)
              "values with names, 1=liver,2=spleen; by default those of labels.json or dataset.json in one of the folders, or the references' values."
          meaning (nameof CommandOption.Output) "a folder for scores.csv, and summary.json in nnU-Net's form."
          json
          debug ]
      Refused = []
      Example = [ "evaluate"; "segmentations"; "references"; "-o"; "scores" ] }

let import =
    { Name = "import"
      Purpose = "a published checkpoint as a backbone"
      Form = "FILE -o DIR"
      Words =
        [ "FILE", "a Lightning checkpoint (.ckpt) of the published implementation, a state dictionary of PyTorch, or a safetensors file." ]
      Options =
        [ meaning (nameof CommandOption.Output) "the new folder of the backbone."
          plain (nameof CommandOption.Teacher)
          plain (nameof CommandOption.Student_Patch)
          plain (nameof CommandOption.Second_Student_Patch)
          plain (nameof CommandOption.Teacher_Patch)
          plain (nameof CommandOption.Placement)
          meaning (nameof CommandOption.Classes) "names of the foreground classes in the order of their labels: liver,bladder,lungs."
          plain (nameof CommandOption.Base_Classes)
          plain (nameof CommandOption.Window_Hu)
          libtorch
          json
          debug ]
      Refused = []
      Example = [ "import"; "last.ckpt"; "-o"; "backbones/teacher"; "--teacher" ] }

let export =
    { Name = "export"
      Purpose = "a backbone as safetensors, or a dataset for nnU-Net"
      Form = "MODEL -o FILE, or DATASET --nnunet DIR"
      Words = [ backbone; "DATASET", "a prepared dataset: the same, for example SCRIPT.fsx:prepare(ct)."; values ]
      Options =
        [ meaning (nameof CommandOption.Output) "the new safetensors file, under the published names."
          plain (nameof CommandOption.Nnunet)
          yield! places
          libtorch
          json
          debug ]
      Refused = []
      Example = [ "export"; "experiments/quickstart.fsx:pretrain"; "-o"; "backbone.safetensors" ] }

/// A command that looks at a store, or changes what stays in it.
let private ofStore name purpose form words example : Command =
    { Name = name
      Purpose = purpose
      Form = form
      Words = words
      Options = [ store; debug ]
      Refused = []
      Example = example }

let private id = "ID", "a result: its id, or the first digits of it; `punet runs` lists all."

let runs = ofStore "runs" "the results in the store" "" [] [ "runs"; "--store"; "/scratch/punet" ]

let show = ofStore "show" "one result of the store" "ID" [ id ] [ "show"; "71094650" ]

let diff = ofStore "diff" "what two results differ in" "ID ID" [ id ] [ "diff"; "71094650"; "3f2a" ]

let pin =
    ofStore "pin" "keep a result from gc" "ID [REASON …]" [ id; "REASON", "why it is kept." ] [ "pin"; "71094650"; "figure"; "2" ]

let unpin =
    let pinned = "ID", "a pinned result: its id, or the first digits of it; `punet runs` marks them."
    ofStore "unpin" "no longer keep it" "ID" [ pinned ] [ "unpin"; "71094650" ]

let forget =
    let meant = "SCRIPT", "the script, or the id that `punet gc` tells of it."
    ofStore "forget" "let go what a script last ran" "SCRIPT" [ meant ] [ "forget"; "experiments/quickstart.fsx" ]

let verify =
    let meant = "ID", "a result to read: its id, or the first digits of it; without one, all are read."
    ofStore "verify" "read the results and compare them with their hashes" "[ID …]" [ meant ] [ "verify"; "71094650" ]

let gc =
    { ofStore "gc" "what of the store can go; --delete lets it go" "" [] [ "gc"; "--max-size"; "20GB" ] with
        Options = [ plain (nameof CommandOption.Delete); plain (nameof CommandOption.Max_Size); store; debug ] }

let info =
    { Name = "info"
      Purpose = "versions, processors, devices"
      Form = ""
      Words = []
      Options = [ plain (nameof CommandOption.Torch); libtorch; debug ]
      Refused = []
      Example = [ "info"; "--torch" ] }

/// In the order in which they are listed.
let all =
    [ run
      plan
      explain
      graph
      data
      report
      runs
      show
      predict
      add
      evaluate
      parameters
      import
      export
      diff
      gc
      pin
      unpin
      forget
      verify
      info ]
