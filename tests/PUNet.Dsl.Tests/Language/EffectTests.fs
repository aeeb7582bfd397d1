/// Every setting of a training either changes what is trained, or is refused with the reason.
module PUNet.Dsl.Tests.EffectTests

open System
open System.IO
open Expecto
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Parameters
open PUNet.Core.Training.Options
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Blocks

/// Two phantoms to train on, of the smallest size.
let private scans =
    dataset "tiny" {
        source (
            phantoms {
                subjects 3
                in_plane 32
                noise 5.0
            }
        )

        split {
            train 1.0
            validation 0.0
            test 0.0
        }
    }

let private small =
    network {
        channels [ 4; 4; 4; 4; 4 ]
        heads 2
        window (4, 4, 1)
        tokens_per_class 2
        pool_size 9
        student_patch (16, 16, 1)
        second_student_patch (16, 16, 1)
        teacher_patch (32, 32, 1)
    }

let private residual =
    unet {
        channels [ 4; 4; 4; 4; 4 ]
        student_patch (16, 16, 1)
        second_student_patch (16, 16, 1)
        teacher_patch (32, 32, 1)
    }

let private transformer =
    unetr {
        feature_size 4
        hidden_size 8
        mlp_size 8
        heads 2
        layers 4
        student_patch (32, 32, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (32, 32, 1)
    }

let private windowed =
    swinUnetr {
        feature_size 4
        heads [ 1; 2; 2; 2 ]
        depths [ 1; 1; 1; 1 ]
        window 2
        student_patch (64, 64, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (64, 64, 1)
    }

/// Keywords that keep a training short; a keyword under test takes their place.
let private short: (string * objnull list) list =
    [ "epochs", [ 1 ]
      "crops_per_epoch", [ 8 ]
      "batch_size", [ 4 ]
      "crops_per_volume", [ 1 ]
      "rate", [ 1e-2 ]
      "foreground_fraction", [ 0.5 ] ]

/// What each keyword is given, other than its default and than what keeps trainings short.
let private samples: (string * objnull list) list =
    [ "epochs", [ 2 ]
      "crops_per_epoch", [ 12 ]
      "batch_size", [ 2 ]
      "crops_per_volume", [ 2 ]
      "foreground_fraction", [ 1.0 ]
      "foreground_sampling", [ ForegroundSampling.Slices ]
      "body_rate", [ 3e-2 ]
      "prompt_rate", [ 3e-2 ]
      "rate", [ 3e-2 ]
      "schedule", [ RateSchedule.Constant ]
      "dice_weight", [ 0.0 ]
      "intensity_augmentation", [ 8.0 ]
      "weight_decay", [ 0.5 ]
      "gradient_clip", [ 1e-6 ]
      "augmentation_strength", [ 0.0 ]
      "precision", [ ComputePrecision.Bfloat16 ]
      "seed", [ 2 ]
      "paper", []
      "follow", [ recipe { focal_loss { gamma 0.5 } } ]
      "active_classes", [ (1, 2) ]
      // of an adaptation
      "target", [ "right kidney" ]
      "targets", [ [ "liver"; "right kidney" ] ]
      "start_from_base_mean", []
      "initial_tokens", [ TokenInitialisation.MeanOfBase ]
      "own_background", [ false ]
      "weight_average", [ 0.0 ]
      "best_of_validation", [ true ]
      "freeze_statistics", [ false ]
      "rank", [ 1 ]
      "subjects", [ 1 ]
      "frozen_classes", [ [ "stomach" ] ]
      // of a pre-training
      "network", [ network { heads 2 } ]
      "supervise", [ [ "left kidney" ] ]
      "self_supervise", [ cpa { teacher_temperature 0.5 } ]
      "prompts_in_blocks", [ false ]
      "momentum", [ 0.1 ] ]

/// Runs stages, each once per settings and inputs; gives the folder of a result.
[<Sealed>]
type private Laboratory() =
    let root = Directory.CreateTempSubdirectory "punet-effects "
    let known = Collections.Generic.Dictionary<StageNode, string>(HashIdentity.Reference)

    member laboratory.Run(node: StageNode) : string =
        match known.TryGetValue node with
        | true, folder -> folder
        | _ ->
            let inputs =
                Map.ofList
                    [ for name, input in node.Inputs do
                          match input with
                          | StageInput.Stage stage -> name, laboratory.Run stage
                          | StageInput.Files _ -> () ]

            let folder name = (Directory.CreateDirectory(Path.Combine(root.FullName, name, $"{known.Count}"))).FullName
            let output = folder "artifacts"

            Stages.runner
                "cpu"
                1
                { Spec = node.Spec
                  Label = node.Label
                  Inputs = inputs
                  Sources = Map.empty
                  InputHashes = Map.empty
                  Output = output
                  Work = folder "work"
                  Earlier = fun () -> []
                  Report = ignore
                  Cancellation = Unchecked.defaultof<_> }

            known[node] <- output
            output

    /// A stage of the same settings and inputs that was met before, or this one.
    member _.Once(node: StageNode) =
        let isSame (other: StageNode) = other.Spec = node.Spec && List.forall2 (fun (_, one) (_, two) -> one = two) other.Inputs node.Inputs

        known.Keys
        |> Seq.tryFind (fun other -> other.Inputs.Length = node.Inputs.Length && isSame other)
        |> Option.defaultValue node

    /// What was trained, of a backbone or an adapter, and how a backbone is to be used.
    member laboratory.Trained(node: StageNode) =
        Seq.append [ "*.safetensors" ] [ "model.json" ]
        |> Seq.collect (fun pattern -> Directory.EnumerateFiles(laboratory.Run node, pattern))
        |> Seq.map (File.ReadAllBytes >> System.Security.Cryptography.SHA256.HashData >> Convert.ToHexStringLower)
        |> String.concat ""

    interface IDisposable with
        member _.Dispose() = root.Delete true

let private node (declared: objnull) =
    match declared with
    | :? Stage<Backbone> as stage -> stage.Node
    | :? Stage<Model> as stage -> stage.Node
    | other -> failtest $"{other}"

/// Keywords of which a block has one only.
let private rivals = [ "rate", [ "body_rate"; "prompt_rate" ]; "target", [ "targets" ] ]

/// The block, short, with some keywords.
let private declare (block: Block) (given: (string * objnull list) list) =
    let isRivalled (keyword, _) =
        given
        |> List.exists (fun (other, _) ->
            other = keyword || List.exists (fun (one, others) -> one = keyword && List.contains other others) rivals)

    // without labels no class has a foreground
    let fits (keyword, _) = keyword <> "foreground_fraction" || block.Name <> "pretrain by itself"
    let needs = block.Needs @ List.filter fits short |> List.filter (isRivalled >> not)
    write { block with Needs = needs } [ for keyword, values in given -> { Keyword = keyword; Values = values } ]

/// Of several classes some can be active; of one none can.
let private beside keyword (block: Block) =
    if keyword = "active_classes" && not (block.Name.StartsWith("pretrain", StringComparison.Ordinal)) then
        [ "targets", [ box [ "liver"; "right kidney" ] ] ]
    else
        []

/// Keywords that act in the same way whatever is trained; they are tried in one block of a kind.
let private everywhere =
    [ "epochs"
      "crops_per_epoch"
      "batch_size"
      "crops_per_volume"
      "augmentation_strength"
      "schedule"
      "weight_average"
      "best_of_validation"
      "intensity_augmentation"
      "gradient_clip"
      "precision"
      "seed"
      "target"
      "targets"
      "follow"
      "subjects" ]

/// Keywords that name a stage, or state what is the default.
let private saysNothing = [ "label"; "start_from_prototypes" ]

/// What is wrong with how a block takes its keywords: one that is let through and changes nothing.
let private idleKeywords (laboratory: Laboratory) wanted (block: Block) =
    [ for keyword in keywords block |> List.map fst |> List.distinct do
          if not (List.contains keyword saysNothing) && wanted keyword then
              let values = samples |> List.find (fun (name, _) -> name = keyword) |> snd
              let others = beside keyword block
              let before = node (declare block others) |> laboratory.Once
              let after = node (declare block ((keyword, values) :: others))
              Expect.isEmpty before.Problems $"{before.Problems}"

              match after.Problems with
              | [] ->
                  if StageSpec.parameters after.Spec = StageSpec.parameters before.Spec then
                      $"{keyword} of {block.Name} is in no key"

                  if laboratory.Trained after = laboratory.Trained before then
                      $"{keyword} of {block.Name} changes nothing that is trained"
              | [ fault ] ->
                  if fault.Position.Line <> lines[keyword] then
                      $"{fault} is not at {keyword}"
              | faults -> $"{block.Name} with {keyword}: {faults}" ]

let private backbone own =
    pretrain scans {
        network own
        supervise [ "pancreas"; "stomach" ]
        epochs 1
        crops_per_epoch 2
        batch_size 2
    }

[<Tests>]
let tests =
    testSequenced
    <| testList
        "effects"
        [ test "every setting of a pre-training changes the backbone, or is refused" {
              use laboratory = new Laboratory()

              let idle =
                  [ for i, block in List.indexed (pretrainings scans [ "liver"; "pancreas" ]) do
                        let wanted keyword = i = 0 || not (List.contains keyword everywhere)
                        yield! idleKeywords laboratory wanted { block with Needs = ("network", [ box small ]) :: block.Needs } ]

              Expect.equal idle [] ""
          }

          for architecture, own in [ "the prompt-able UNet", small; "the residual UNet", residual ] do
              test $"every setting of an adaptation of {architecture} changes the adapter, or is refused" {
                  use laboratory = new Laboratory()
                  let learned = backbone own

                  let idle =
                      [ for variant, block in adaptations learned do
                            if Seq.isEmpty (own.Configuration.AdaptationFaults variant) then
                                let wanted keyword = variant = AdaptationVariant.PromptTune || not (List.contains keyword everywhere)
                                let needs: (string * objnull list) list = [ "target", [ "liver" ] ]
                                yield! idleKeywords laboratory wanted { block with Needs = needs } ]

                  Expect.equal idle [] ""
              }

          test "statistics can be kept where an architecture has normalisations that the variant freezes, and nowhere else" {
              for own in [ small; residual; transformer; windowed ] do
                  for variant in Enum.GetValues<AdaptationVariant>() do
                      if Seq.isEmpty (own.Configuration.AdaptationFaults variant) then
                          let adapted = own.Configuration.AdaptedBy(variant, 1)
                          use network = SegmentationNetwork.Build(adapted, RandomStream(1L, "test"))
                          ParameterGroups.TrainOnly(network, ParameterGroups.Trained(network, variant, [ 1 ]))

                          let freezes =
                              network.named_modules ()
                              |> Seq.exists (fun struct (name, part) ->
                                  match part with
                                  // The embedding's own norm is of no use to classes.
                                  | :? TorchSharp.Modules.BatchNorm as norm -> not norm.weight.requires_grad && name <> "norm_emb"
                                  | _ -> false)

                          let idle =
                              Effect.adaptation
                              |> List.exists (fun idle ->
                                  idle.Keywords = [ "freeze_statistics" ]
                                  && idle.IsIdle { Adaptation = AdaptationOptions(Variant = variant); Network = own.Configuration })

                          Expect.equal idle (not freezes) $"{variant} of {own.Configuration.GetType().Name}"
          } ]
