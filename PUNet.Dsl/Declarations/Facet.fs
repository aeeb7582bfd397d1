namespace PUNet.Dsl

open PUNet.Core.Data
open PUNet.Core.Data.Prepared

/// Which files of an earlier stage's result a stage reads; the others may change without it.
[<RequireQualifiedAccess>]
type Facet =
    /// All of them.
    | Whole
    /// Of a prepared dataset.
    | Scans of DatasetFacet

module Facet =
    /// Whether a file of the result belongs to it, by its path below the result's folder, with forward slashes.
    let holds facet (path: string) =
        match facet with
        | Facet.Whole -> true
        | Facet.Scans scans -> scans.Holds path

    /// As people read it; empty for a whole result.
    let show facet =
        match facet with
        | Facet.Whole -> ""
        | Facet.Scans scans -> string scans
