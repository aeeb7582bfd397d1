/// What the stages compute: the one file that calls Core's data, training and inference. The code of a stage, as far as its key
/// is concerned, begins at the function of its kind's name.
module PUNet.Dsl.Engine.Stages

open System
open System.Collections.Generic
open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Data
open PUNet.Core.Imaging
open PUNet.Core.Inference
open PUNet.Core.Losses
open PUNet.Core.Models
open PUNet.Core.Training
open PUNet.Dsl

let private folders (work: StageWork) = StageFolders(work.Output, work.Work)

let private tell (work: StageWork) = Action<StageEvent> work.Report

/// The folder of an input that the builders always give.
let private input name (work: StageWork) =
    match Map.tryFind name work.Inputs with
    | Some folder -> folder
    | None -> invalidOp $"Stage {work.Label} has no input '{name}'."

/// Labels of classes in a prepared dataset, ascending.
let private labels prepared (names: string list) : IReadOnlyList<int> =
    let known = PreparedDataset.Open(prepared).Classes |> List.ofSeq

    names
    |> List.map (fun name ->
        match List.tryFindIndex ((=) name) known with
        | Some i -> i + 1
        | None -> invalidOp $"The prepared dataset has no class '{name}'; it has {known}.")
    |> List.sort
    :> _

/// images/{id}.nii.gz: a folder and a file's name.
let private folderAndName (pattern: string) =
    let at = pattern.LastIndexOf '/'
    pattern.Substring(0, max at 0), pattern.Substring(at + 1)

let private layout (settings: PreparationSettings) : DatasetLayout =
    match settings.Layout, settings.Split with
    | ScanLayout.Phantoms, _ -> PairedFolders()
    | ScanLayout.Pairs(image, labels), SplitRule.Given -> PartFolders(ImagePattern = image, LabelPattern = labels)
    | ScanLayout.Pairs(image, labels), (SplitRule.Shares _ | SplitRule.Fold _) ->
        let images, image = folderAndName image
        let labelFolder, labels = folderAndName labels
        PairedFolders(Images = images, Labels = labelFolder, ImagePattern = image, LabelPattern = labels)
    | ScanLayout.CtOrg, _ -> CtOrg()
    | ScanLayout.TciaBtcv, _ -> Btcv()
    | ScanLayout.NnUNet channel, _ -> NnUNet(Channel = channel)
    | ScanLayout.CsvList table, _ -> CsvList(File = table)

let private normalisation rule : Normalisation =
    match rule with
    | IntensityRule.Window(low, high) -> Normalisation.Window(low, high)
    | IntensityRule.PerVolume -> Normalisation.Percentiles(0.5, 99.5)

/// Label of voxels that nobody annotated, where the source's own description names one.
let private ignoredLabel (settings: PreparationSettings) source =
    match settings.Layout with
    | ScanLayout.NnUNet _ ->
        NnUNet.MustKnow(source, dict settings.Classes :?> IReadOnlyDictionary<int, string>)
        NnUNet.IgnoredLabel source
    | _ -> Nullable()

let private preparation (settings: PreparationSettings) source =
    let spacing = settings.Spacing |> Option.map (fun (h, w, d) -> Spacing(h, w, d)) |> Option.toNullable

    let extent = settings.InPlaneExtent |> Option.map (fun n -> struct (n, n)) |> Option.toNullable

    PreparationOptions(
        Classes = (dict settings.Classes :?> IReadOnlyDictionary<int, string>),
        IgnoredSourceLabel = ignoredLabel settings source,
        Orientation = (if ScanLayout.isReoriented settings.Layout then Nullable Orientation.Lps else Nullable()),
        Spacing = spacing,
        InPlaneExtent = extent,
        BodyCrop = (settings.BodyCrop |> Option.map (fun margin -> BodyCrop(MarginMm = margin)) |> Option.toObj),
        RequiredClasses = ResizeArray settings.RequiredClasses,
        KeepEmpty = settings.KeepEmpty
    )

let private split rule (subjects: IReadOnlyList<PreparedSubject>) =
    match rule with
    | SplitRule.Given -> DatasetSplit.Given subjects
    | SplitRule.Shares(train, validation, test, seed) -> DatasetSplit.Seeded(subjects, SplitShares(train, validation, test), uint32 seed)
    | SplitRule.Fold(folds, fold, seed) -> DatasetSplit.Fold(subjects, folds, fold, uint32 seed)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal prepare (settings: PreparationSettings) work =
    let source = input "source" work
    let subjects = SubjectPatients.Assign((layout settings).List source, Option.toObj settings.GroupBy)

    let dataset = Preparation.Run(subjects, preparation settings source, folders work, tell work, work.Cancellation)

    let parts = split settings.Split dataset.Subjects

    DatasetCard(
        Normalisation = normalisation settings.Intensity,
        Parts = Dictionary(seq { for part in Enum.GetValues<Part>() -> KeyValuePair(part, parts[part]) })
    )
        .Write
        work.Output

let private focal (settings: FocalSettings) =
    FocalLossOptions(
        Gamma = settings.Gamma,
        BackgroundAlpha = settings.BackgroundAlpha,
        ForegroundAlpha = settings.ForegroundAlpha,
        AdditiveAlpha =
            match settings.ClassWeights with
            | ClassWeights.Given additions -> ResizeArray(0.0 :: additions)
            | ClassWeights.FromRatios _ -> ResizeArray()
    )

let private ratioFactor (settings: FocalSettings) =
    match settings.ClassWeights with
    | ClassWeights.FromRatios factor -> factor
    | ClassWeights.Given _ -> 0.0

let private pretraining (settings: PretrainingSettings) prepared =
    let loss =
        match settings.Focal, settings.Cpa with
        | Some _, None -> PretrainingLoss.Meta
        | None, _ -> PretrainingLoss.Self
        | Some _, Some _ -> PretrainingLoss.MetaSelf

    let segmentation = settings.Focal |> Option.defaultValue FocalSettings.defaults
    let assignment = settings.Cpa |> Option.defaultValue CpaSettings.defaults

    let training = settings.Training

    PretrainingOptions(
        Network = settings.Network,
        BaseClasses = labels prepared settings.Classes,
        Loss = loss,
        PromptedBlocks = settings.PromptsInBlocks,
        FewestActive = fst settings.ActiveClasses,
        MostActive = snd settings.ActiveClasses,
        TeacherMomentum = settings.Momentum,
        SelfSupervisedWeight = assignment.Weight,
        Assignment = assignment.Constants,
        Focal = focal segmentation,
        ClassRatioFactor = ratioFactor segmentation,
        Epochs = training.Epochs,
        CropsPerEpoch = training.CropsPerEpoch,
        BatchSize = training.BatchSize,
        CropsPerVolume = training.CropsPerVolume,
        ForegroundFraction = training.ForegroundFraction,
        BodyRate = training.BodyRate,
        PromptRate = training.PromptRate,
        WeightDecay = training.WeightDecay,
        GradientClip = training.GradientClip,
        AugmentationStrength = training.AugmentationStrength,
        Precision = training.Precision,
        Seed = int64 training.Seed
    )

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal pretrain device (settings: PretrainingSettings) work =
    let prepared = input "scans" work
    Pretraining.Run(pretraining settings prepared, prepared, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal randomBackbone (settings: RandomBackboneSettings) work =
    let options = PretrainingOptions(Network = settings.Network, Seed = int64 settings.Seed)
    Pretraining.WriteUntrained(options, input "scans" work, folders work)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal adapt device (settings: AdaptationSettings) work =
    let prepared = input "scans" work

    let training = settings.Training
    let fewest, most = settings.ActiveClasses |> Option.defaultValue (settings.Targets.Length, settings.Targets.Length)

    let options =
        AdaptationOptions(
            Variant = settings.Variant,
            NewClasses = labels prepared settings.Targets,
            FrozenClasses = labels prepared settings.FrozenClasses,
            FewestActive = fewest,
            MostActive = most,
            StartFromBaseMean = (settings.Initialisation = TokenInitialisation.MeanOfBase),
            FreezeStatistics = settings.FreezeStatistics,
            Subjects = Option.toNullable settings.Subjects,
            Focal = focal settings.Focal,
            ClassRatioFactor = ratioFactor settings.Focal,
            Epochs = training.Epochs,
            CropsPerEpoch = training.CropsPerEpoch,
            BatchSize = training.BatchSize,
            CropsPerVolume = training.CropsPerVolume,
            ForegroundFraction = training.ForegroundFraction,
            BodyRate = training.BodyRate,
            PromptRate = training.PromptRate,
            WeightDecay = training.WeightDecay,
            GradientClip = training.GradientClip,
            AugmentationStrength = training.AugmentationStrength,
            Precision = training.Precision,
            Seed = int64 training.Seed
        )

    Adaptation.Run(options, input "backbone" work, prepared, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal compose (settings: CompositionSettings) work =
    let adapters = settings.Adapters |> List.mapi (fun i _ -> input $"adapter.{i}" work)
    AdapterComposition.Write(ResizeArray adapters, work.Output)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal evaluate device (settings: EvaluationSettings) work =
    let prepared = input "scans" work

    let options =
        EvaluationOptions(
            Classes = labels prepared settings.Classes,
            Part = settings.Part,
            Overlap = settings.Overlap,
            OnePass = settings.OnePass
        )

    let adapter = Map.tryFind "model" work.Inputs |> Option.toObj
    Evaluation.Run(options, input "backbone" work, adapter, prepared, device, folders work, tell work, work.Cancellation)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal report (settings: ReportSettings) work =
    let rows =
        [| for row in settings.Rows -> ResultTable.Row(row.Variant, input row.Input work, Option.toNullable row.Repetition) |]

    ResultTable.Write(settings.Title, rows, work.Output)

[<MethodImpl(MethodImplOptions.NoInlining)>]
let internal phantoms options work = PhantomGenerator.Write(options, work.Output, tell work, work.Cancellation)

/// Computes any stage on a device, cpu or cuda; of several jobs, each has its share of the processors.
let runner device jobs : StageRunner =
    fun work ->
        if StageSpec.computesOnDevice work.Spec then
            ComputeThreads.Limit(max 1 (Environment.ProcessorCount / jobs))

        match work.Spec with
        | GeneratePhantoms options -> phantoms options work
        | Prepare settings -> prepare settings work
        | Pretrain settings -> pretrain device settings work
        | RandomBackbone settings -> randomBackbone settings work
        | Adapt settings -> adapt device settings work
        | Compose settings -> compose settings work
        | Evaluate settings -> evaluate device settings work
        | Report settings -> report settings work

/// A figure of an evaluation's folder: mean_dice, in percent. Raises IOException where the folder holds no evaluation.
let figure (folder: string) (name: string) : float =
    match name with
    | "mean_dice" -> EvaluationSummary.Read(folder).MeanDice
    | other -> invalidArg (nameof name) $"an evaluation has no figure {other}."
