namespace PUNet.Dsl

open System.Runtime.CompilerServices

/// Base and novel classes while they are collected.
type ClassLists = internal { BaseClasses: string list; NovelClasses: string list }

/// classSplit scans { base_classes [ … ]; novel_classes [ … ] }
[<Sealed>]
type ClassSplitBuilder internal (dataset: Dataset) =
    inherit SettingsBuilder<ClassLists>()

    /// Classes that supervise pre-training.
    [<CustomOperation("base_classes")>]
    member _.BaseClasses(settings, names: string list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "base_classes" line (fun lists -> { lists with BaseClasses = names })

    /// Classes that are learned afterwards.
    [<CustomOperation("novel_classes")>]
    member _.NovelClasses(settings, names: string list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "novel_classes" line (fun lists -> { lists with NovelClasses = names })

    member _.Run(settings: Setting<ClassLists> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) : ClassSplit =
        let block = Blocks.finish "classSplit" file line { BaseClasses = []; NovelClasses = [] } settings
        let lists = block.Record

        let problems =
            Blocks.wordFaults block
            @ DatasetChecks.classSplit block.Words block.Where dataset.Classes lists.BaseClasses lists.NovelClasses

        // a name that does not exist is told once, here, and not again wherever it is used
        let known = List.filter (fun name -> List.contains name dataset.Classes)

        let group names = { Dataset = dataset.Stage.Node; Names = known names; Problems = problems }

        { Base = group lists.BaseClasses; Novel = group lists.NovelClasses }
