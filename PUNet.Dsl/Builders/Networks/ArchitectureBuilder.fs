namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Models

/// What the blocks of all architectures have in common: the patches, and the checks.
[<AbstractClass>]
type ArchitectureBuilder<'Configuration when 'Configuration :> NetworkConfiguration and 'Configuration: not null>
    internal (block: string, start: 'Configuration) =
    inherit SettingsBuilder<'Configuration>()

    let names = start :> NetworkConfiguration

    let patch line property (h: int, w: int, d: int) (settings: Setting<'Configuration> list) =
        settings |> Keyword.putOwn line property (Extent(h, w, d))

    /// First student's patch in voxels; also the window of evaluation.
    [<CustomOperation("student_patch")>]
    member _.StudentPatch(settings, voxels: int * int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> patch line (nameof names.StudentPatch) voxels

    /// Second student's patch in voxels.
    [<CustomOperation("second_student_patch")>]
    member _.SecondStudentPatch(settings, voxels: int * int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> patch line (nameof names.SecondStudentPatch) voxels

    /// Teacher's patch in voxels: the crop that all views are cut from.
    [<CustomOperation("teacher_patch")>]
    member _.TeacherPatch(settings, voxels: int * int * int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> patch line (nameof names.TeacherPatch) voxels

    member _.Run
        (settings: Setting<'Configuration> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : NetworkDeclaration =
        let block = Blocks.finish block file line start settings
        let configuration = block.Record :> NetworkConfiguration
        let faults = Blocks.faults (configuration.Faults()) block

        { Configuration = configuration
          HasPoolSize = block.States "pool_size"
          Problems =
            [ yield! Blocks.wordFaults block
              yield! faults
              if faults.IsEmpty then
                  yield! Blocks.idle Effect.network configuration block ] }
