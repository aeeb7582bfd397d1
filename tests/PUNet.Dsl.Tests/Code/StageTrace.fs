/// A process that runs stages of every kind, as small as they can be, with the recording copy of PUNet.Core.
module PUNet.Dsl.Tests.Code.StageTrace

open System
open System.Collections.Generic
open System.IO
open System.Threading
open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Dsl
open PUNet.Dsl.Engine

let private generated =
    phantoms {
        subjects 5
        in_plane 32
    }

let private scans =
    dataset "phantoms" {
        source generated
        body_crop 8.0
        intensity_window (-160.0, 240.0)

        split {
            train 0.6
            validation 0.2
            test 0.2
            seed 1
        }
    }

/// The same scans as files of a user.
let private files (folder: string) =
    dataset "files" {
        source (Folder.pairs (data folder) "images/{id}.nii.gz" "labels/{id}.nii.gz")
        classes [ 1, "liver"; 2, "spleen" ]
        spacing (5.0, 5.0, 8.0)
        in_plane_extent 32
        normalise_per_volume
        keep_empty

        split {
            folds 3
            fold 1
            seed 2
        }
    }

let private small =
    network {
        channels [ 4; 4; 4; 8; 8 ]
        heads 2
        window (4, 4, 1)
        tokens_per_class 2
        student_patch (32, 32, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (32, 32, 1)
    }

let private published =
    network {
        channels [ 4; 4; 4; 8; 8 ]
        heads 2
        window (4, 4, 1)
        tokens_per_class 2
        semantics AttentionSemantics.Reference
        student_patch (32, 32, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (32, 32, 1)
    }

let private pretrained =
    pretrain scans {
        network small
        supervise [ "liver"; "pancreas"; "stomach" ]
        focal_loss { ratio_factor 0.02 }
        self_supervise (cpa { weight 0.02 })
        epochs 2
        crops_per_epoch 4
        batch_size 2
        augmentation_strength 0.5
    }

/// A short training of another network or precision.
let private supervised (own: NetworkDeclaration) (number: ComputePrecision) =
    pretrain scans {
        network own
        precision number
        supervise [ "liver" ]
        epochs 1
        crops_per_epoch 2
        batch_size 2
    }

let private tuned (builder: AdaptBuilder) (organ: string) =
    builder {
        target organ
        start_from_base_mean
        epochs 1
        crops_per_epoch 2
        batch_size 2
    }

let private adapted (builder: AdaptBuilder) =
    builder {
        target "bladder"
        freeze_statistics false
        epochs 1
        crops_per_epoch 2
        batch_size 2
    }

let private unetSmall =
    unet {
        student_patch (32, 32, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (32, 32, 1)
    }

let private unetrSmall =
    unetr {
        feature_size 4
        hidden_size 12
        mlp_size 24
        heads 2
        layers 4
        student_patch (32, 32, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (32, 32, 1)
    }

let private swinUnetrSmall =
    swinUnetr {
        feature_size 12
        student_patch (64, 64, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (64, 64, 1)
    }

let private everything () =
    let bladder, kidney = tuned (promptTune pretrained) "bladder", tuned (promptTune pretrained) "left kidney"
    let networks = [ unetSmall; unetrSmall; swinUnetrSmall; published ]

    let variants =
        [ fineTune pretrained
          tuneOutput pretrained
          tuneDecoder pretrained
          tuneBiases pretrained
          tuneBottlenecks pretrained
          tuneBiasesAndPrompts pretrained
          tuneLowRank pretrained
          tuneNorms pretrained
          promptTune (randomBackbone scans { network small })
          tuneDecoder (supervised unetSmall ComputePrecision.Bfloat16) ]

    experiment "all kinds" {
        evaluate pretrained
        evaluate [ for own in networks -> supervised own ComputePrecision.Single ]
        evaluate [ bladder; kidney ]
        evaluate [ for variant in variants -> adapted variant ]
        evaluate (compose [ bladder; kidney ])
        compare [ bladder ] [ kidney ]
    }

/// A result of before, as the engine hands it to a stage of the same code.
let private earlier (folder: string) =
    let hashes =
        dict
            [ for path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) ->
                  Path.GetRelativePath(folder, path), FileHash.Of path ]

    EarlierResult(folder, hashes :?> IReadOnlyDictionary<string, string>)

/// Runs stages one after the other, each in a folder of its own; inputs are the folders of earlier ones or of the user.
let private runAll (folder: string) (former: string list) (compute: StageWork -> unit) (outputs: StageNode list) : Map<string, string> =
    let graph = Graph.ofOutputs outputs
    let below = Directory.CreateDirectory(Path.Combine(folder, $"{Guid.NewGuid():N}")).FullName
    let made (node: GraphNode) (name: string) = Path.Combine(below, node.Id, name)

    for node in graph.Nodes do
        compute
            { Spec = node.Spec
              Label = node.Label
              Inputs =
                Map.ofList
                    [ for name, input in node.Inputs ->
                          match input with
                          | GraphInput.Stage id -> name, made (graph.Node id) "output"
                          | GraphInput.Files(path, _) -> name, DataPath.resolve folder path ]
              Sources =
                Map.ofList
                    [ for name, input in node.Inputs do
                          match input with
                          | GraphInput.Files(path, layout) ->
                              name, layout.Read(DataPath.resolve folder path, (fun file -> FileHash.Of file))
                          | GraphInput.Stage _ -> () ]
              InputHashes = Map.empty
              Output = Directory.CreateDirectory(made node "output").FullName
              Work = Directory.CreateDirectory(made node "work").FullName
              Earlier = fun () -> List.map earlier former
              Report = ignore
              Cancellation = CancellationToken.None }

    Map.ofList [ for node in graph.Nodes -> node.Label, made node "output" ]

/// trace FOLDER: writes the rows of the methods that each kind of stage calls, a line for each kind and library, to FOLDER/called.
let run (folder: string) =
    let notes = [ for kind in [ typeof<Extent>; typeof<StageSpec> ] -> MethodRecorder.rows kind.Assembly ]
    let called = Dictionary<string * int, HashSet<int>>()

    let compute (work: StageWork) =
        let kind = StageSpec.kind work.Spec
        notes |> List.iter Array.Clear
        Stages.runner "cpu" 1 work

        for library, rows in List.indexed notes do
            called.TryAdd((kind, library), HashSet()) |> ignore
            called[(kind, library)].UnionWith(Seq.indexed rows |> Seq.filter (fun (_, note) -> note <> 0uy) |> Seq.map fst)

    let phantoms = runAll folder [] compute [ generated.Node ]
    let fromFiles = (files phantoms["phantoms"]).Stage.Node
    let prepared = runAll folder [] compute [ fromFiles ]
    runAll folder (List.ofSeq prepared.Values) compute [ fromFiles ] |> ignore
    runAll folder [] compute (everything ()).Outputs |> ignore

    File.WriteAllLines(
        Path.Combine(folder, "called"),
        [ for entry in called do
              let kind, library = entry.Key
              $"""{kind} {library} {String.Join(",", entry.Value)}""" ]
    )

    0
