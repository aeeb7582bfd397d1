/// What the stages compute: the one file that runs Core's data, training and inference. The code of a stage, as far as its key
/// is concerned, begins at the function of its kind's name.
module PUNet.Dsl.Engine.Stages

open System
open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Core.Common.Native
open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Core.Data.Preparation
open PUNet.Core.Data.Prepared
open PUNet.Core.Data.Splits
open PUNet.Core.Inference
open PUNet.Core.Inference.Results
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Training
open PUNet.Core.Training.Options
open PUNet.Dsl

let private folders (work: StageWork) = StageFolders(work.Output, work.Work)

let private tell (work: StageWork) = Action<StageEvent> work.Report

/// The folder of an input that the builders always give.
let private input name (work: StageWork) =
    match Map.tryFind name work.Inputs with
    | Some folder -> folder
    | None -> invalidOp $"Stage {work.Label} has no input '{name}'."

/// The prepared dataset that a stage reads, opened as far as the stage declares.
let private scans (work: StageWork) =
    match StageSpec.reads work.Spec "scans" with
    | Facet.Scans facet -> PreparedDataset.Open(input "scans" work, facet)
    | Facet.Backbone
    | Facet.Whole -> PreparedDataset.Open(input "scans" work)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal prepare (options: DatasetOptions) work =
    // the user's files were listed and hashed for the key; a stage's result is listed here, since it never changes
    let source =
        work.Sources
        |> Map.tryFind "source"
        |> Option.defaultWith (fun () -> options.OnDisk.Read(input "source" work, (fun file -> FileHash.Of file)))

    let subjects = SubjectPatients.Assign(source, options.GroupBy)

    Preparation.Run(
        subjects,
        options.Layout.Complete(options.Preparation, source),
        options.Use,
        folders work,
        Seq.delay (work.Earlier >> Seq.ofList),
        tell work,
        work.Cancellation
    )
    |> ignore

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal pretrain (device: string) (options: PretrainingOptions) work =
    let dataset = scans work
    Pretraining.Run(options, dataset, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal randomBackbone (options: UntrainedOptions) work = Pretraining.WriteUntrained(options, scans work, folders work)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal adapt (device: string) (options: AdaptationOptions) work =
    let dataset = scans work
    Adaptation.Run(options, input "backbone" work, dataset, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal compose (settings: CompositionSettings) work =
    let adapters = settings.Adapters |> List.mapi (fun i _ -> input $"adapter.{i}" work)
    AdapterComposition.Write(ResizeArray adapters, work.Output)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal evaluate (device: string) (options: EvaluationOptions) work =
    let dataset = scans work

    let adapter = Map.tryFind "model" work.Inputs |> Option.toObj
    Evaluation.Run(options, input "backbone" work, adapter, dataset, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal report (settings: ReportSettings) work =
    let rows =
        [| for row in settings.Rows -> ResultRow(row.Input, row.Variant, input row.Input work, Option.toNullable row.Repetition) |]

    let comparisons = [| for left, right in settings.Comparisons -> struct (left, right) |]
    ResultTable.Write(settings.Title, rows, comparisons, work.Output)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal phantoms options work = PhantomGenerator.Write(options, work.Output, tell work, work.Cancellation)

/// Computes any stage on a device, cpu or cuda; of several jobs, each has its share of the processors.
let runner (device: string) jobs : StageRunner =
    fun work ->
        if StageSpec.computesOnDevice work.Spec then
            ComputeThreads.Limit(max 1 (Environment.ProcessorCount / jobs))

        match work.Spec with
        | GeneratePhantoms options -> phantoms options work
        | Prepare options -> prepare options work
        | Pretrain options -> pretrain device options work
        | RandomBackbone options -> randomBackbone options work
        | Adapt options -> adapt device options work
        | Compose settings -> compose settings work
        | Evaluate options -> evaluate device options work
        | Report settings -> report settings work

/// A figure of an evaluation's folder: mean_dice, in percent. Raises IOException where the folder holds no evaluation, and
/// InvalidOperationException where it lacks a class: such figures cannot be compared (`AbsentClasses` tells before).
let figure (folder: string) (name: string) : float =
    match name with
    | "mean_dice" ->
        let summary = EvaluationSummary.Read folder

        match Option.ofNullable summary.MeanDice with
        | Some mean when summary.AbsentClasses.Count = 0 -> mean
        | _ -> invalidOp $"{folder} has no figure to compare: {summary}."
    | other -> invalidArg (nameof name) $"an evaluation has no figure {other}."
