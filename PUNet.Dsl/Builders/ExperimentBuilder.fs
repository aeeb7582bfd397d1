namespace PUNet.Dsl

open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Inference
open PUNet.Dsl.Rules

/// An experiment while its keywords are collected.
type ExperimentDraft =
    internal
        {
            /// Models and backbones, in the order of declaration, each with where that is asked for.
            Evaluated: (StageNode * SourcePosition) list
            /// Lists to be set side by side.
            Compared: (StageNode list * StageNode list) list
            Evaluation: EvaluationOptions
            Seeds: int list
        }

/// experiment "name" { evaluate tuned; evaluate full; compare tuned full }
[<Sealed>]
type ExperimentBuilder internal (name: string) =
    inherit SettingsBuilder<ExperimentDraft>()

    let names = EvaluationOptions()

    let put line keyword property (value: objnull) settings =
        settings
        |> Keyword.set keyword line (fun draft -> { draft with Evaluation = CoreRecord.set property value draft.Evaluation })

    let evaluated (nodes: StageNode list) line draft =
        let isKnown node = draft.Evaluated |> List.exists (fun (other, _) -> obj.ReferenceEquals(other, node))
        let at = SourcePosition.atLine "" (Option.defaultValue 0 line)

        { draft with
            Evaluated = draft.Evaluated @ [ for node in nodes |> List.filter (isKnown >> not) -> node, at ] }

    let evaluate nodes line settings = settings |> Keyword.set "evaluate" line (evaluated nodes line)

    let nodes (stages: Stage<'T> seq) = stages |> Seq.map _.Node |> List.ofSeq

    let compare left right line settings =
        settings
        |> Keyword.set "compare" line (fun draft ->
            let draft = evaluated (left @ right) line draft
            { draft with Compared = draft.Compared @ [ left, right ] })

    /// Score a model on the test subjects.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, model: Stage<Model>, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> evaluate [ model.Node ] line

    /// Score models on the test subjects.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, models: Stage<Model> seq, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> evaluate (nodes models) line

    /// Score a backbone on its base classes.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, backbone: Stage<Backbone>, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> evaluate [ backbone.Node ] line

    /// Score backbones on their base classes.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, backbones: Stage<Backbone> seq, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> evaluate (nodes backbones) line

    /// Set models side by side that segment the same classes; evaluates them where that was not asked for.
    [<CustomOperation("compare")>]
    member _.Compare(settings, left: Stage<Model> seq, right: Stage<Model> seq, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> compare (nodes left) (nodes right) line

    /// Set two models side by side that segment the same classes.
    [<CustomOperation("compare")>]
    member _.Compare(settings, left: Stage<Model>, right: Stage<Model>, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> compare [ left.Node ] [ right.Node ] line

    /// Share of a window that the next one covers again.
    [<CustomOperation("overlap")>]
    member _.Overlap(settings, share: float, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line "overlap" (nameof names.Overlap) share

    /// The part of the dataset that is scored: Part.Test where not given.
    [<CustomOperation("evaluate_on")>]
    member _.EvaluateOn(settings, part: Part, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line "evaluate_on" (nameof names.Part) part

    /// Segment all classes of a model in one pass, as they were trained together, instead of one pass per class.
    [<CustomOperation("one_pass")>]
    member _.OnePass(settings, ?no: More, [<CallerLineNumber>] ?line: int) = settings |> put line "one_pass" (nameof names.OnePass) true

    /// Which connected components of a class's mask are kept: ComponentRule.All, Largest, or ByValidation.
    [<CustomOperation("components")>]
    member _.Components(settings, rule: ComponentRule, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> put line "components" (nameof names.Components) rule

    /// Train every evaluated stage once per seed; tables give mean ± standard deviation over the seeds. What it is built on stays.
    [<CustomOperation("seeds")>]
    member _.Seeds(settings, seeds: int list, ?no: More, [<CallerLineNumber>] ?line: int) =
        settings |> Keyword.set "seeds" line (fun draft -> { draft with Seeds = seeds })

    member _.Run(settings: Setting<ExperimentDraft> list, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) : Experiment =
        let block =
            Blocks.finish
                "experiment"
                file
                line
                { Evaluated = []; Compared = []; Evaluation = EvaluationOptions.Recommended; Seeds = [] }
                settings

        let draft = block.Record
        let at (position: SourcePosition) = { position with File = block.Position.File }
        let stages = draft.Evaluated |> List.map (fun (node, position) -> node, at position)
        let copies = SeedCopies.ofStages draft.Seeds (List.map fst stages)

        let evaluations =
            [ for node, position in stages do
                  let options = CoreRecord.set (nameof names.Classes) (ResizeArray(Evaluations.classes node)) draft.Evaluation

                  for copy in copies.Of node do
                      copy, Evaluations.stage position options copy ]

        let pairs = draft.Compared |> List.collect (fun (left, right) -> ExperimentChecks.pairs left right)
        let comparisons = pairs |> List.collect (fun (left, right) -> copies.Pairs(left, right))
        let single = settings |> List.filter (fun setting -> setting.Keyword <> "evaluate" && setting.Keyword <> "compare")

        let experiment =
            { Name = name
              Outputs =
                [ yield! List.map snd evaluations
                  Evaluations.tables block.Position name evaluations copies.VariantOf copies.RepetitionOf comparisons ]
              Position = block.Position
              Problems =
                [ yield! Setting.repeated (Setting.inFile block.Position.File single)
                  yield! ExperimentChecks.empty block.Where name stages
                  yield! named (block.Where "experiment") "the experiment" name
                  yield! Blocks.faults (draft.Evaluation.Faults()) block
                  yield! Blocks.idle Effect.evaluation draft.Evaluation block
                  yield! Blocks.idle Effect.experiment (List.map fst stages) block
                  yield! ExperimentChecks.seeds block.Keywords block.Where name draft.Seeds (List.map fst stages)
                  for left, right in draft.Compared do
                      yield! ExperimentChecks.lonely block.Where left right ] }

        Declared.add experiment
        experiment
