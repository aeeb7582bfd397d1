namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Common
open PUNet.Core.Models
open PUNet.Dsl.Rules

module internal Architecture =
    let set file keyword line property (value: objnull) (settings: Setting<'Configuration> list) =
        settings |> Keyword.setIn file keyword line (CoreRecord.set property value)

/// What the blocks of all architectures have in common: the patches, and the checks.
[<AbstractClass>]
type ArchitectureBuilder<'Configuration when 'Configuration :> NetworkConfiguration and 'Configuration: not null>
    internal (block: string, start: 'Configuration) =
    inherit SettingsBuilder<'Configuration>()

    let extent (h, w, d) = Extent(h, w, d)

    let patches = start :> NetworkConfiguration

    /// First student's patch in voxels; also the window of evaluation.
    [<CustomOperation("student_patch")>]
    member _.StudentPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "student_patch" line (nameof patches.StudentPatch) (extent voxels)

    /// Second student's patch in voxels.
    [<CustomOperation("second_student_patch")>]
    member _.SecondStudentPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "second_student_patch" line (nameof patches.SecondStudentPatch) (extent voxels)

    /// Teacher's patch in voxels: the crop that all views are cut from.
    [<CustomOperation("teacher_patch")>]
    member _.TeacherPatch
        (
            settings: Setting<'Configuration> list,
            voxels: int * int * int,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) =
        settings |> Architecture.set file "teacher_patch" line (nameof patches.TeacherPatch) (extent voxels)

    member _.Run
        (
            settings: Setting<'Configuration> list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : NetworkDeclaration =
        let configuration = Setting.apply start settings :> NetworkConfiguration
        let positions = Setting.positions file settings
        let where = where positions block (SourcePosition.atLine file line)

        { Configuration = configuration
          Problems = Setting.repeated file settings @ NetworkChecks.problems positions where configuration }
