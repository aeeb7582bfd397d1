namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices

/// A loss with differences from the paper's settings.
type LossDeclaration<'Settings> = { Settings: 'Settings; Problems: string -> Problem list }

/// focal { gamma 4.0; ratio_factor 0.001 }
[<Sealed>]
type FocalBuilder() =
    inherit SettingsBuilder<FocalSettings>()

    /// γ, the focusing exponent.
    [<CustomOperation("gamma")>]
    member _.Gamma(settings, exponent: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "gamma" line (fun focal -> { focal with Gamma = exponent })

    /// Factor of the class weights that come from the dataset's foreground/background ratios; 0: none.
    [<CustomOperation("ratio_factor")>]
    member _.RatioFactor(settings, factor: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "ratio_factor" line (fun focal -> { focal with RatioFactor = factor })

    member _.Run(settings: Setting<FocalSettings> list) : LossDeclaration<FocalSettings> =
        { Settings = Setting.apply FocalSettings.defaults settings
          Problems = fun file -> Setting.repeated file settings }

/// cpa, or cpa { weight 0.01 }: contrastive prototype assignment
[<Sealed>]
type CpaBuilder() =
    inherit SettingsBuilder<CpaSettings>()

    /// Weight beside the segmentation loss.
    [<CustomOperation("weight")>]
    member _.Weight(settings, weight: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "weight" line (fun (_: CpaSettings) -> { Weight = weight })

    member _.Run(settings: Setting<CpaSettings> list) : LossDeclaration<CpaSettings> =
        { Settings = Setting.apply CpaSettings.defaults settings
          Problems = fun file -> Setting.repeated file settings }
