namespace PUNet.Dsl

open System
open System.IO
open System.Runtime.CompilerServices
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Promptable

/// Words that note where they stand themselves, as they begin no block.
[<AutoOpen; AbstractClass; Sealed>]
type Words =
    /// Models that were tuned separately on one backbone, as one that segments all their classes into one label map.
    static member compose(models: Stage<Model> seq, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        let position = SourcePosition.atLine (Option.defaultValue "" file) (Option.defaultValue 0 line)
        models |> Seq.map _.Node |> List.ofSeq |> Composition.stage position

/// The words that begin a declaration.
[<AutoOpen>]
module Keywords =
    let private adapt variant (backbone: Stage<Backbone>) = AdaptBuilder(variant, backbone.Node)

    /// Scans in one geometry: dataset "name" { source …; classes [ … ]; split { … } }
    let dataset (name: string) = DatasetBuilder name

    /// Which classes are learned first and which afterwards.
    let classSplit (scans: Dataset) = ClassSplitBuilder scans

    /// A name for a group of settings that trainings follow: recipe { epochs 6; batch_size 8 }
    let recipe = RecipeBuilder()

    /// Pre-trains a backbone by student and teacher.
    let pretrain (scans: Dataset) = PretrainBuilder scans

    /// A backbone that was never trained.
    let randomBackbone (scans: Dataset) = RandomBackboneBuilder scans

    /// Tunes the prompts of new classes.
    let promptTune (backbone: Stage<Backbone>) = adapt AdaptationVariant.PromptTune backbone

    /// Tunes everything for new classes.
    let fineTune (backbone: Stage<Backbone>) = adapt AdaptationVariant.FineTune backbone

    /// Tunes a new output layer only.
    let tuneOutput (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneOutput backbone

    /// Tunes the decoder and a new output layer.
    let tuneDecoder (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneDecoder backbone

    /// Tunes biases, normalisation and a new output layer.
    let tuneBiases (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneBiases backbone

    /// Tunes bottlenecks in every attention block and a new output layer.
    let tuneBottlenecks (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneBottlenecks backbone

    /// Tunes biases, normalisation and the prompts of new classes.
    let tuneBiasesAndPrompts (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneBiasesAndPrompts backbone

    /// Tunes low-rank updates (LoRA) of the attention's projections and a new output layer: tuneLowRank backbone { target organ; rank 4 }
    let tuneLowRank (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneLowRank backbone

    /// Tunes scale and shift of every normalisation and a new output layer.
    let tuneNorms (backbone: Stage<Backbone>) = adapt AdaptationVariant.TuneNorms backbone

    /// What is to be evaluated and compared; the result of a script.
    let experiment (name: string) = ExperimentBuilder name

    /// Files below the run's data folder (`--data`, PUNET_DATA, or `data` beside the script); absolute paths are taken as they are.
    let data (path: string) = if Path.IsPathRooted path then DataPath.Absolute path else DataPath.InDataFolder path

    /// Ends the process where a script runs by itself, as under `dotnet fsi`; it is a fault where the script only declares.
    let exit (code: int) : 'Result =
        if Declared.isCollecting () then
            raise (
                InvalidOperationException(
                    $"exit {code} would end the process before anything runs; leave it out, and stop with failwith \"…\" where something is wrong"
                )
            )
        else
            exit code

    /// A split by shares of the subjects.
    let split = SplitBuilder()

    /// The segmentation loss: focal_loss { gamma 2.0 }
    let focal_loss = FocalLossBuilder()

    /// Contrastive prototype assignment: self_supervise cpa, or self_supervise (cpa { weight 0.01 }).
    let cpa = CpaBuilder()

    /// Synthetic CT-like subjects: phantoms { subjects 24; seed 7 }
    let phantoms = PhantomsBuilder()

    /// A network by its differences from the paper's: network { channels [ … ]; heads 4 }
    let network = NetworkBuilder(PromptableUNetConfiguration())
