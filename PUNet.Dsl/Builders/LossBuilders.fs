namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Dsl.Rules

/// A loss with differences from the paper's settings.
type LossDeclaration<'Settings> =
    internal
        {
            Settings: 'Settings
            /// Where its keywords stand.
            Given: Map<string, SourcePosition>
            Where: Where
            /// Faults of the loss itself, whatever it is used for.
            Problems: Problem list
        }

module internal LossDeclaration =
    /// The paper's.
    let plain settings =
        { Settings = settings
          Given = Map.empty
          Where = (fun _ -> SourcePosition.atLine "" 0)
          Problems = [] }

    /// What a block states.
    let make block limits start (settings: Setting<'Settings> list) file line =
        let given = Setting.positions file settings
        let where = where given block (SourcePosition.atLine file line)
        let loss = Setting.apply start settings

        { Settings = loss
          Given = given
          Where = where
          Problems = Setting.repeated file settings @ Effect.conflicts given where @ Limit.problems given where limits loss }

/// focal { gamma 4.0; ratio_factor 0.001 }
[<Sealed>]
type FocalBuilder() =
    inherit SettingsBuilder<FocalSettings>()

    /// γ, the focusing exponent.
    [<CustomOperation("gamma")>]
    member _.Gamma(settings, exponent: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "gamma" line (fun focal -> { focal with Gamma = exponent })

    /// α of background voxels.
    [<CustomOperation("background_alpha")>]
    member _.BackgroundAlpha(settings, alpha: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "background_alpha" line (fun focal -> { focal with BackgroundAlpha = alpha })

    /// α of foreground voxels before the part of their class is added.
    [<CustomOperation("foreground_alpha")>]
    member _.ForegroundAlpha(settings, alpha: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "foreground_alpha" line (fun focal -> { focal with ForegroundAlpha = alpha })

    /// Factor of the class weights that come from the dataset's foreground/background ratios; 0: none.
    [<CustomOperation("ratio_factor")>]
    member _.RatioFactor(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "ratio_factor" line (fun focal -> { focal with ClassWeights = ClassWeights.FromRatios factor })

    /// What is added to α for every class of the dataset, in its order, instead of what the ratios give.
    [<CustomOperation("class_weights")>]
    member _.ClassWeights(settings, additions: float list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "class_weights" line (fun focal -> { focal with ClassWeights = ClassWeights.Given additions })

    member _.Run
        (
            settings: Setting<FocalSettings> list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : LossDeclaration<FocalSettings> =
        LossDeclaration.make "focal" Numbers.focal FocalSettings.defaults settings file line

/// cpa, or cpa { weight 0.01 }: contrastive prototype assignment
[<Sealed>]
type CpaBuilder() =
    inherit SettingsBuilder<CpaSettings>()

    let constants = CpaSettings.defaults.Constants

    let set keyword line property (value: objnull) settings =
        settings |> Keyword.set keyword line (fun cpa -> { cpa with Constants = CoreRecord.set property value cpa.Constants })

    /// Weight beside the segmentation loss.
    [<CustomOperation("weight")>]
    member _.Weight(settings, weight: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "weight" line (fun (cpa: CpaSettings) -> { cpa with Weight = weight })

    /// r: how much embeddings are reduced per axis before positions are compared.
    [<CustomOperation("reduction")>]
    member _.Reduction(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "reduction" line (nameof constants.Reduction) factor

    /// r_p: how much the teacher's embedding is reduced per axis to give the seeds of the prototypes.
    [<CustomOperation("prototype_reduction")>]
    member _.PrototypeReduction(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prototype_reduction" line (nameof constants.PrototypeReduction) factor

    /// Rounds of the spatially weighted k-means.
    [<CustomOperation("iterations")>]
    member _.Iterations(settings, count: int, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "iterations" line (nameof constants.Iterations) count

    /// Full width at half maximum of the spatial weight in the k-means, in voxels; None: no such weight.
    [<CustomOperation("prototype_width")>]
    member _.PrototypeWidth(settings, voxels: float option, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "prototype_width" line (nameof constants.PrototypeWidth) (Option.toNullable voxels)

    /// The same for a weight on the teacher's final assignment; None, the default: none.
    [<CustomOperation("teacher_width")>]
    member _.TeacherWidth(settings, voxels: float option, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "teacher_width" line (nameof constants.TeacherWidth) (Option.toNullable voxels)

    /// Temperature of the teacher's assignment.
    [<CustomOperation("teacher_temperature")>]
    member _.TeacherTemperature(settings, temperature: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "teacher_temperature" line (nameof constants.TeacherTemperature) temperature

    /// Temperature of the student's assignment.
    [<CustomOperation("student_temperature")>]
    member _.StudentTemperature(settings, temperature: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "student_temperature" line (nameof constants.StudentTemperature) temperature

    /// Largest distance between a student's position and the closest teacher's, in voxels.
    [<CustomOperation("maximal_distance")>]
    member _.MaximalDistance(settings, voxels: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "maximal_distance" line (nameof constants.MaximalDistance) voxels

    /// How much a step in depth counts against one in the plane.
    [<CustomOperation("depth_scale")>]
    member _.DepthScale(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> set "depth_scale" line (nameof constants.DepthScale) factor

    member _.Run
        (
            settings: Setting<CpaSettings> list,
            [<CallerFilePath; Optional; DefaultParameterValue("")>] file: string,
            [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int
        ) : LossDeclaration<CpaSettings> =
        LossDeclaration.make "cpa" Numbers.cpa CpaSettings.defaults settings file line
