namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Losses

/// focal_loss { gamma 4.0; ratio_factor 0.001 }
[<Sealed>]
type FocalLossBuilder() =
    inherit SettingsBuilder<FocalLossOptions>()

    let names = FocalLossOptions()

    /// γ, the focusing exponent.
    [<CustomOperation("gamma")>]
    member _.Gamma(settings, exponent: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Gamma) exponent

    /// α of background voxels.
    [<CustomOperation("background_alpha")>]
    member _.BackgroundAlpha(settings, alpha: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.BackgroundAlpha) alpha

    /// α of foreground voxels before the part of their class is added.
    [<CustomOperation("foreground_alpha")>]
    member _.ForegroundAlpha(settings, alpha: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.ForegroundAlpha) alpha

    /// Factor of the class weights that come from the dataset's foreground/background ratios; 0: none.
    [<CustomOperation("ratio_factor")>]
    member _.RatioFactor(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        let given = CoreRecord.set (nameof names.RatioFactor) factor >> CoreRecord.set (nameof names.ClassWeights) null
        settings |> Keyword.set "ratio_factor" line given

    /// What is added to α for every class of the dataset, in its order, instead of what the ratios give.
    [<CustomOperation("class_weights")>]
    member _.ClassWeights(settings, additions: float list, ?no: More, [<CallerLineNumber>] ?line: int) =
        let given =
            CoreRecord.set (nameof names.ClassWeights) (ResizeArray additions) >> CoreRecord.set (nameof names.RatioFactor) 0.0

        settings |> Keyword.set "class_weights" line given

    member _.Run
        (settings: Setting<FocalLossOptions> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : FocalLossDeclaration =
        let file = Option.defaultValue "" file

        { Settings = Setting.inFile file settings
          Position = SourcePosition.atLine file (Option.defaultValue 0 line) }

/// The self-supervised loss as a block declares it: differences from the paper's.
type PrototypeAssignment =
    internal { Settings: Setting<ContrastivePrototypeAssignmentOptions> list; Position: SourcePosition }

/// cpa, or cpa { weight 0.01 }: contrastive prototype assignment
[<Sealed>]
type CpaBuilder() =
    inherit SettingsBuilder<ContrastivePrototypeAssignmentOptions>()

    let names = ContrastivePrototypeAssignmentOptions()

    /// Weight beside the segmentation loss.
    [<CustomOperation("weight")>]
    member _.Weight(settings, weight: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Weight) weight

    /// r: how much embeddings are reduced per axis before positions are compared.
    [<CustomOperation("reduction")>]
    member _.Reduction(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Reduction) factor

    /// r_p: how much the teacher's embedding is reduced per axis to give the seeds of the prototypes.
    [<CustomOperation("prototype_reduction")>]
    member _.PrototypeReduction(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.PrototypeReduction) factor

    /// Rounds of the spatially weighted k-means.
    [<CustomOperation("iterations")>]
    member _.Iterations(settings, count: int, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.Iterations) count

    /// Full width at half maximum of the spatial weight in the k-means, in voxels; None: no such weight.
    [<CustomOperation("prototype_width")>]
    member _.PrototypeWidth(settings, voxels: float option, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.PrototypeWidth) (Option.toNullable voxels)

    /// The same for a weight on the teacher's final assignment; None, the default: none.
    [<CustomOperation("teacher_width")>]
    member _.TeacherWidth(settings, voxels: float option, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.TeacherWidth) (Option.toNullable voxels)

    /// Temperature of the teacher's assignment.
    [<CustomOperation("teacher_temperature")>]
    member _.TeacherTemperature(settings, temperature: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.TeacherTemperature) temperature

    /// Temperature of the student's assignment.
    [<CustomOperation("student_temperature")>]
    member _.StudentTemperature(settings, temperature: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.StudentTemperature) temperature

    /// Largest distance between a student's position and the closest teacher's, in voxels.
    [<CustomOperation("maximal_distance")>]
    member _.MaximalDistance(settings, voxels: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.MaximalDistance) voxels

    /// How much a step in depth counts against one in the plane.
    [<CustomOperation("depth_scale")>]
    member _.DepthScale(settings, factor: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.putOwn line (nameof names.DepthScale) factor

    member _.Run
        (settings: Setting<ContrastivePrototypeAssignmentOptions> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int)
        : PrototypeAssignment =
        let file = Option.defaultValue "" file

        { Settings = Setting.inFile file settings
          Position = SourcePosition.atLine file (Option.defaultValue 0 line) }
