namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Layouts

/// Markers of what a stage yields; they have no values.
type Volumes = private | Volumes
/// Volumes, label maps and split in one geometry.
type Scans = private | Scans
/// A network, trained or not, that can be adapted.
type Backbone = private | Backbone
/// A backbone with what was tuned for new classes.
type Model = private | Model
/// Scores and predictions.
type Scores = private | Scores
/// Tables and pictures.
type Tables = private | Tables

/// What a stage reads.
[<RequireQualifiedAccess>]
type StageInput =
    | Stage of StageNode
    /// The files of a folder of the user that its layout lists.
    | Files of path: DataPath * layout: DatasetLayout

/// A declared computation; nothing runs while it is declared.
and [<ReferenceEquality>] StageNode =
    {
        Spec: StageSpec
        /// Readable name, for example promptTune(lungs).
        Label: string
        /// Whether the script gave the label itself.
        LabelGiven: bool
        /// Inputs by name, in the order of declaration.
        Inputs: (string * StageInput) list
        Position: SourcePosition
        /// Where the settings stand, by keyword.
        Settings: Map<string, SourcePosition>
        /// Faults of the declaration itself.
        Problems: Problem list
    }

/// A stage that yields a 'T.
[<Sealed>]
type Stage<'T>(node: StageNode) =
    /// The declaration.
    member _.Node = node
    /// Readable name, for example promptTune(lungs).
    member _.Label = node.Label
    /// The same stage under another name, which tables and the command line use.
    member _.Named(label: string) = Stage<'T>({ node with Label = label; LabelGiven = true })

    override _.ToString() = $"{node.Label} ({StageSpec.kind node.Spec}) declared at {node.Position}"

module StageNode =
    /// The input of a name, if it is a stage.
    let input name node =
        node.Inputs
        |> List.tryPick (fun (given, input) ->
            match input with
            | StageInput.Stage stage when given = name -> Some stage
            | _ -> None)

    /// The models that a composition is made of.
    let composed node =
        [ for name, input in node.Inputs do
              match input with
              | StageInput.Stage stage when name.StartsWith("adapter.", System.StringComparison.Ordinal) -> stage
              | _ -> () ]

    let private firstComposed node = List.tryHead (composed node)

    /// The prepared dataset behind a stage, or the stage itself if it prepares one.
    let rec scans node =
        match StageSpec.dataset node.Spec with
        | Some options -> Some(node, options)
        | None -> input "scans" node |> Option.orElse (firstComposed node) |> Option.bind scans

    /// The backbone that a model was tuned on.
    let rec backbone node = input "backbone" node |> Option.orElse (firstComposed node |> Option.bind backbone)

    /// The network of a backbone, or of what was adapted from it.
    let rec network node =
        match StageSpec.backbone node.Spec with
        | Some(own, _) -> Some own
        | None -> input "backbone" node |> Option.bind network

    /// Where a keyword stands, or the declaration itself.
    let position keyword node = node.Settings |> Map.tryFind keyword |> Option.defaultValue node.Position
