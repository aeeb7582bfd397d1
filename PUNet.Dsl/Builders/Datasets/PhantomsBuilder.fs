namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Data.Phantoms

/// phantoms { subjects 24; seed 7 }: synthetic CT-like subjects.
[<Sealed>]
type PhantomsBuilder internal () =
    inherit SettingsBuilder<PhantomOptions>()

    let names = PhantomOptions()

    /// Number of subjects.
    [<CustomOperation("subjects")>]
    member _.Subjects(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Subjects) count

    /// Seed of everything random.
    [<CustomOperation("seed")>]
    member _.Seed(settings, seed: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Seed) (int64 seed)

    /// In-plane extent in voxels.
    [<CustomOperation("in_plane")>]
    member _.InPlane(settings, voxels: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.InPlane) voxels

    /// Standard deviation of the fine noise in HU.
    [<CustomOperation("noise")>]
    member _.Noise(settings, hu: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Noise) hu

    member _.Run
        (settings: Setting<PhantomOptions> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : Stage<Volumes> =
        let block = Blocks.finish "phantoms" file line names settings

        Stage<Volumes>
            { Spec = GeneratePhantoms block.Record
              Label = "phantoms"
              LabelGiven = false
              Inputs = []
              Position = block.Position
              Settings = block.Keywords
              Problems = Blocks.wordFaults block @ Blocks.faults (block.Record.Faults()) block }
