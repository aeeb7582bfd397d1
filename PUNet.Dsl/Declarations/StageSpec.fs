namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Core.Data.Prepared
open PUNet.Core.Inference

/// What a stage does, with every setting that its result depends on. Positions, labels and paths are not part of it.
type StageSpec =
    | GeneratePhantoms of PhantomOptions
    | Prepare of PreparationSettings
    | Pretrain of PretrainingSettings
    | RandomBackbone of RandomBackboneSettings
    | Adapt of AdaptationSettings
    | Compose of CompositionSettings
    | Evaluate of EvaluationSettings
    | Report of ReportSettings

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

    /// Every setting in canonical form, defaults included.
    let parameters spec =
        match spec with
        | GeneratePhantoms settings -> CanonicalRecord.ofObject settings
        | Prepare settings -> CanonicalRecord.ofObject settings
        | Pretrain settings -> CanonicalRecord.ofObject settings |> Canonical.lift "training"
        | RandomBackbone settings -> CanonicalRecord.ofObject settings
        | Adapt settings -> CanonicalRecord.ofObject settings |> Canonical.lift "training"
        | Compose settings -> CanonicalRecord.ofObject settings
        | Evaluate settings -> CanonicalRecord.ofObject settings
        | Report settings -> CanonicalRecord.ofObject settings

    /// What a stage reads of its input of a name. The stage is handed no more, and its key holds the content of no more.
    let reads spec name : Facet =
        match spec, name with
        | Pretrain _, "scans" -> Facet.Scans(DatasetFacet.Training())
        | Adapt settings, "scans" -> Facet.Scans(DatasetFacet.Training(Option.toNullable settings.Subjects))
        | Evaluate settings, "scans" -> Facet.Scans(DatasetFacet.Of settings.Part)
        | RandomBackbone _, "scans" -> Facet.Scans DatasetFacet.Description
        | _ -> Facet.Whole

    /// Whether people and pipelines read a file of the result as it lies in the store, without a stage in between.
    let isShown spec (path: string) =
        match spec with
        | Report _ -> true
        | Evaluate _ -> path = EvaluationSummary.FileName
        | Prepare _ -> path.EndsWith(".json", System.StringComparison.Ordinal)
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
