namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Dsl.Rules

/// phantoms { subjects 24; seed 7 }: synthetic CT-like subjects.
[<Sealed>]
type PhantomsBuilder internal () =
    inherit SettingsBuilder<PhantomOptions>()

    let set file keyword line property (value: objnull) settings =
        settings |> Keyword.setIn file keyword line (CoreRecord.set property value)

    /// Number of subjects.
    [<CustomOperation("subjects")>]
    member _.Subjects
        (
            settings,
            count: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> set file "subjects" line (nameof Unchecked.defaultof<PhantomOptions>.Subjects) count

    /// Seed of everything random.
    [<CustomOperation("seed")>]
    member _.Seed
        (
            settings,
            seed: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> set file "seed" line (nameof Unchecked.defaultof<PhantomOptions>.Seed) (int64 seed)

    /// In-plane extent in voxels.
    [<CustomOperation("in_plane")>]
    member _.InPlane
        (
            settings,
            voxels: int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> set file "in_plane" line (nameof Unchecked.defaultof<PhantomOptions>.InPlane) voxels

    /// Standard deviation of the fine noise in HU.
    [<CustomOperation("noise")>]
    member _.Noise
        (
            settings,
            hu: float,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> set file "noise" line (nameof Unchecked.defaultof<PhantomOptions>.Noise) hu

    member _.Run
        (
            settings: Setting<PhantomOptions> list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : Stage<Volumes> =
        let position = SourcePosition.atLine file line
        let positions = Setting.positions file settings
        let options = Setting.apply (PhantomOptions()) settings

        Stage<Volumes>
            { Spec = GeneratePhantoms options
              Label = "phantoms"
              LabelGiven = false
              Inputs = []
              Position = position
              Settings = positions
              Problems =
                Setting.repeated file settings @ Limit.problems positions (where positions "phantoms" position) Numbers.phantoms options }
