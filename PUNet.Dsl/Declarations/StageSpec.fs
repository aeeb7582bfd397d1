namespace PUNet.Dsl

open System
open Microsoft.FSharp.Reflection
open PUNet.Core.Data.Phantoms
open PUNet.Core.Data.Preparation
open PUNet.Core.Data.Prepared
open PUNet.Core.Inference
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Training.Options

/// What a stage does, with every setting that its result depends on. Positions, labels and paths are not part of it.
type StageSpec =
    | GeneratePhantoms of PhantomOptions
    | Prepare of DatasetOptions
    | Pretrain of PretrainingOptions
    | RandomBackbone of UntrainedOptions
    | Adapt of AdaptationOptions
    | Compose of CompositionSettings
    | Evaluate of EvaluationOptions
    | Report of ReportSettings

/// What other modules ask of a stage, case by case: here and in the runner alone is told what the kinds are.
module StageSpec =
    /// The stage's kind, as it stands in keys and in the store.
    let kind spec =
        match spec with
        | GeneratePhantoms _ -> "phantoms"
        | Prepare _ -> "prepare"
        | Pretrain _ -> "pretrain"
        | RandomBackbone _ -> "random-backbone"
        | Adapt _ -> "adapt"
        | Compose _ -> "compose"
        | Evaluate _ -> "evaluate"
        | Report _ -> "report"

    /// Every kind there is.
    let kinds =
        [ for case in FSharpType.GetUnionCases typeof<StageSpec> -> FSharpValue.MakeUnion(case, [| null |]) |> unbox<StageSpec> |> kind ]

    /// Every setting in canonical form, defaults included; a recipe's among those of the stage.
    let parameters spec =
        match spec with
        | GeneratePhantoms options -> CanonicalRecord.ofObject options
        | Prepare options -> CanonicalRecord.ofObject options |> Canonical.lift "preparation"
        | Pretrain options -> CanonicalRecord.ofObject options |> Canonical.lift "recipe"
        | RandomBackbone options -> CanonicalRecord.ofObject options
        | Adapt options -> CanonicalRecord.ofObject options |> Canonical.lift "recipe"
        | Compose settings -> CanonicalRecord.ofObject settings
        | Evaluate options -> CanonicalRecord.ofObject options
        | Report settings -> CanonicalRecord.ofObject settings

    /// What a script that says nothing more starts from, with the parts that have no usual value as they are; none for what has no settings.
    /// `fit` gives a network the slots that the dataset's classes need; `backbone`: the network that the stage adapts.
    let usual (fit: NetworkConfiguration -> NetworkConfiguration) (backbone: NetworkConfiguration option) spec : StageSpec option =
        match spec with
        | GeneratePhantoms _ -> Some(GeneratePhantoms(PhantomOptions()))
        | Prepare options ->
            let preparation = PreparationOptions(Classes = options.Preparation.Classes)
            Some(Prepare(DatasetOptions(Layout = options.Layout, Preparation = preparation)))
        | Pretrain options ->
            PretrainingOptions.Recommended
            |> CoreRecord.set (nameof options.Supervise) options.Supervise
            |> CoreRecord.set (nameof options.Network) (fit PretrainingOptions.Recommended.Network)
            |> Pretrain
            |> Some
        | RandomBackbone _ -> Some(RandomBackbone(UntrainedOptions(Network = fit (UntrainedOptions().Network))))
        | Adapt options ->
            let fixedLayer = backbone |> Option.exists _.UsesFixedLayer(options.Variant)
            let recommended = AdaptationOptions.Recommended(options.Variant, fixedLayer)
            Some(Adapt(CoreRecord.set (nameof options.Target) options.Target recommended))
        | Evaluate options -> Some(Evaluate(EvaluationOptions(Classes = options.Classes)))
        | Compose _
        | Report _ -> None

    /// What a stage reads of its input of a name. The stage is handed no more, and its key holds the content of no more.
    let reads spec name : Facet =
        let scans =
            match spec with
            | Pretrain _ -> Facet.Scans DatasetFacet.TrainingAndValidation
            | Adapt options -> Facet.Scans(DatasetFacet.Of(options.Reads()))
            | Evaluate options -> Facet.Scans(DatasetFacet.Of(options.Reads()))
            | RandomBackbone _ -> Facet.Scans DatasetFacet.Description
            | GeneratePhantoms _
            | Prepare _
            | Compose _
            | Report _ -> Facet.Whole

        match name with
        | "scans" -> scans
        | "backbone" -> Facet.Backbone
        | _ -> Facet.Whole

    /// Whether people and pipelines read a file of the result as it lies in the store, without a stage in between.
    let isShown spec (path: string) =
        match spec with
        | Report _ -> true
        | Evaluate _ -> path = EvaluationSummary.FileName
        | Prepare _ -> path.EndsWith(".json", StringComparison.Ordinal)
        | GeneratePhantoms _
        | Pretrain _
        | RandomBackbone _
        | Adapt _
        | Compose _ -> false

    /// Whether the result depends on the device and libtorch.
    let computesOnDevice spec =
        match spec with
        | Pretrain _
        | RandomBackbone _
        | Adapt _
        | Evaluate _ -> true
        | GeneratePhantoms _
        | Prepare _
        | Compose _
        | Report _ -> false

    /// How a dataset is made ready; none for a stage that does something else.
    let dataset spec =
        match spec with
        | Prepare options -> Some options
        | GeneratePhantoms _
        | Pretrain _
        | RandomBackbone _
        | Adapt _
        | Compose _
        | Evaluate _
        | Report _ -> None

    /// Whether it belongs to making datasets ready, which comes before all that is trained.
    let preparesData spec =
        match spec with
        | GeneratePhantoms _
        | Prepare _ -> true
        | Pretrain _
        | RandomBackbone _
        | Adapt _
        | Compose _
        | Evaluate _
        | Report _ -> false

    /// The network of a backbone and the classes that supervised it; none for what is no backbone.
    let backbone spec : (NetworkConfiguration * string list) option =
        match spec with
        | Pretrain options -> Some(options.Network, List.ofSeq options.Supervise)
        | RandomBackbone options -> Some(options.Network, [])
        | GeneratePhantoms _
        | Prepare _
        | Adapt _
        | Compose _
        | Evaluate _
        | Report _ -> None

    /// How a backbone is adapted; none for a stage that does something else.
    let adaptation spec : AdaptationOptions option =
        match spec with
        | Adapt options -> Some options
        | GeneratePhantoms _
        | Prepare _
        | Pretrain _
        | RandomBackbone _
        | Compose _
        | Evaluate _
        | Report _ -> None

    /// Classes that what the stage yields can segment.
    let classes spec : string list =
        match spec with
        | Adapt options -> List.ofSeq options.Target
        | Compose settings -> List.concat settings.Adapters
        | Pretrain options -> List.ofSeq options.Supervise
        | GeneratePhantoms _
        | Prepare _
        | RandomBackbone _
        | Evaluate _
        | Report _ -> []

    /// Whether it yields something tuned on a backbone.
    let isTuned spec =
        match spec with
        | Adapt _
        | Compose _ -> true
        | GeneratePhantoms _
        | Prepare _
        | Pretrain _
        | RandomBackbone _
        | Evaluate _
        | Report _ -> false

    /// How something is scored; none for a stage that does something else.
    let evaluation spec : EvaluationOptions option =
        match spec with
        | Evaluate options -> Some options
        | GeneratePhantoms _
        | Prepare _
        | Pretrain _
        | RandomBackbone _
        | Adapt _
        | Compose _
        | Report _ -> None

    /// The classes that it learns, and how many training subjects it draws by which seed (none: it takes all); none for a stage that learns
    /// nothing.
    let learned spec : (string list * (int * int64) option) option =
        match spec with
        | Pretrain options when options.Supervise.Count > 0 -> Some(List.ofSeq options.Supervise, None)
        | Adapt options ->
            let drawn = Option.ofNullable options.Subjects |> Option.map (fun count -> count, options.Recipe.Seed)
            Some(List.ofSeq options.Target, drawn)
        | GeneratePhantoms _
        | Prepare _
        | Pretrain _
        | RandomBackbone _
        | Compose _
        | Evaluate _
        | Report _ -> None

    /// The same with another seed; none for a stage that draws nothing at random itself.
    let reseeded (seed: int) spec =
        let recipe (recipe: TrainingRecipe) = CoreRecord.set (nameof recipe.Seed) (int64 seed) recipe

        match spec with
        | Pretrain options -> Some(Pretrain(CoreRecord.set (nameof options.Recipe) (recipe options.Recipe) options))
        | Adapt options -> Some(Adapt(CoreRecord.set (nameof options.Recipe) (recipe options.Recipe) options))
        | RandomBackbone options -> Some(RandomBackbone(CoreRecord.set (nameof options.Seed) (int64 seed) options))
        | GeneratePhantoms _
        | Prepare _
        | Compose _
        | Evaluate _
        | Report _ -> None

    /// The keyword that declares a stage of its kind, for a reader of tables; empty where the stage's label says it.
    let keyword spec =
        match spec with
        | Adapt options -> options.Variant.Keyword()
        | GeneratePhantoms _
        | Prepare _
        | Pretrain _
        | RandomBackbone _
        | Compose _
        | Evaluate _
        | Report _ -> ""
