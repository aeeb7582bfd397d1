namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Dsl.Rules

/// Base and novel classes while they are collected.
type ClassLists = internal { BaseClasses: string list; NovelClasses: string list }

/// classSplit scans { base_classes [ … ]; novel_classes [ … ] }
[<Sealed>]
type ClassSplitBuilder internal (dataset: Dataset, file: string, line: int) =
    inherit SettingsBuilder<ClassLists>()

    /// Classes that supervise pre-training.
    [<CustomOperation("base_classes")>]
    member _.BaseClasses(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "base_classes" line (fun lists -> { lists with BaseClasses = names })

    /// Classes that are learned afterwards.
    [<CustomOperation("novel_classes")>]
    member _.NovelClasses(settings, names: string list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "novel_classes" line (fun lists -> { lists with NovelClasses = names })

    member _.Run(settings: Setting<ClassLists> list) : ClassSplit =
        let lists = Setting.apply { BaseClasses = []; NovelClasses = [] } settings
        let where = where (Setting.positions file settings) "classSplit" (SourcePosition.atLine file line)

        let problems =
            Setting.repeated file settings @ DatasetChecks.classSplit where dataset.Classes lists.BaseClasses lists.NovelClasses

        // a name that does not exist is told once, here, and not again wherever it is used
        let known = List.filter (fun name -> List.contains name dataset.Classes)

        let group names = { Dataset = dataset.Stage.Node; Names = known names; Problems = problems }

        { Base = group lists.BaseClasses; Novel = group lists.NovelClasses }
