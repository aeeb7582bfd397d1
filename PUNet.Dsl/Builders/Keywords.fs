namespace PUNet.Dsl

open System
open System.IO
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr
open PUNet.Core.Models.Promptable

/// The words that begin a declaration.
[<AutoOpen; AbstractClass; Sealed>]
type Keywords =
    /// Scans in one geometry: dataset "name" { source …; classes [ … ]; split { … } }
    static member dataset
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        DatasetBuilder(name, file, line)

    /// Which classes are learned first and which afterwards.
    static member classSplit
        (
            scans: Dataset,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        ClassSplitBuilder(scans, file, line)

    /// Pre-trains a backbone by student and teacher.
    static member pretrain
        (
            scans: Dataset,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        PretrainBuilder(scans, file, line)

    /// A backbone that was never trained.
    static member randomBackbone
        (
            scans: Dataset,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        RandomBackboneBuilder(scans, file, line)

    /// Tunes the prompts of new classes.
    static member promptTune
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.PromptTune, backbone.Node, file, line)

    /// Tunes everything for new classes.
    static member fineTune
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.FineTune, backbone.Node, file, line)

    /// Tunes a new output layer only.
    static member tuneOutput
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.TuneOutput, backbone.Node, file, line)

    /// Tunes the decoder and a new output layer.
    static member tuneDecoder
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.TuneDecoder, backbone.Node, file, line)

    /// Tunes biases, normalisation and a new output layer.
    static member tuneBiases
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.TuneBiases, backbone.Node, file, line)

    /// Tunes bottlenecks in every attention block and a new output layer.
    static member tuneBottlenecks
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.TuneBottlenecks, backbone.Node, file, line)

    /// Tunes biases, normalisation and the prompts of new classes.
    static member tuneBiasesAndPrompts
        (
            backbone: Stage<Backbone>,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        AdaptBuilder(AdaptationVariant.TuneBiasesAndPrompts, backbone.Node, file, line)

    /// Models that were tuned separately on one backbone, as one that segments all their classes into one label map.
    static member compose
        (
            models: Stage<Model> seq,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        models |> Seq.map _.Node |> List.ofSeq |> Composition.stage (SourcePosition.atLine file line)

    /// What is to be evaluated and compared; the result of a script.
    static member experiment
        (
            name: string,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        ExperimentBuilder(name, file, line)

[<AutoOpen>]
module Words =
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

    /// The segmentation loss.
    let focal = FocalBuilder()

    /// Contrastive prototype assignment: self_supervise cpa, or self_supervise (cpa { weight 0.01 }).
    let cpa = CpaBuilder()

    /// Synthetic CT-like subjects: phantoms { subjects 24; seed 7 }
    let phantoms = PhantomsBuilder()

    /// A network by its differences from the paper's: network { channels [ … ]; heads 4 }
    let network = NetworkBuilder(PromptableUNetConfiguration())

    /// A residual UNet without prompts: unet { student_patch (96, 96, 1) }
    let unet = UNetBuilder(UNetConfiguration())

    /// UNETR: unetr { hidden_size 192 }
    let unetr = UnetrBuilder(UnetrConfiguration())

    /// SwinUNETR: swinUnetr { feature_size 12 }
    let swinUnetr = SwinUnetrBuilder(SwinUnetrConfiguration())
