namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Prepared
open PUNet.Core.Training.Diagnosis

/// Which files of an earlier stage's result a stage reads; the others may change without it.
[<RequireQualifiedAccess>]
type Facet =
    /// All of them.
    | Whole
    /// Of a prepared dataset.
    | Scans of DatasetFacet
    /// Of a backbone: all but the figures about it, which no later stage reads.
    | Backbone

module Facet =
    /// Whether a file of the result belongs to it, by its path below the result's folder, with forward slashes.
    let holds facet (path: string) =
        match facet with
        | Facet.Whole -> true
        | Facet.Scans scans -> scans.Holds path
        | Facet.Backbone -> path <> EmbeddingFigures.FileName

    /// As people read it; empty for a whole result.
    let show facet =
        match facet with
        | Facet.Whole -> ""
        | Facet.Scans scans -> string scans
        | Facet.Backbone -> "the backbone"
