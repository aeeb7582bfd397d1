namespace PUNet.Dsl

open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Core.Common
open PUNet.Dsl.Rules

/// An experiment while its keywords are collected.
type ExperimentDraft =
    internal
        {
            /// Models and backbones, in the order of declaration, each with its line.
            Evaluated: (StageNode * int) list
            /// Lists to be set side by side, with their line.
            Compared: (StageNode list * StageNode list * int) list
            EvaluationOverlap: float
            EvaluationPart: Part
            EvaluationOnePass: bool
            Seeds: int list
        }

/// experiment "name" { evaluate tuned; evaluate full; compare tuned full }
[<Sealed>]
type ExperimentBuilder internal (name: string, file: string, line: int) =
    inherit SettingsBuilder<ExperimentDraft>()

    let isAmong (nodes: StageNode list) (node: StageNode) = nodes |> List.exists (fun other -> obj.ReferenceEquals(other, node))

    let isIn (evaluated: (StageNode * int) list) (node: StageNode) =
        evaluated |> List.exists (fun (other, _) -> obj.ReferenceEquals(other, node))

    let evaluated (nodes: StageNode list) line draft =
        let fresh = nodes |> List.filter (isIn draft.Evaluated >> not) |> List.map (fun node -> node, line)
        { draft with Evaluated = draft.Evaluated @ fresh }

    let evaluate nodes line settings = settings |> Keyword.set "evaluate" line (evaluated nodes line)

    let nodes (stages: Stage<'T> seq) = stages |> Seq.map _.Node |> List.ofSeq

    /// Pairs of compared stages by their classes, and the faults of what has no partner.
    let pairs (left: StageNode list, right: StageNode list, line) =
        let partner (node: StageNode) = right |> List.tryFind (fun other -> Evaluations.classes other = Evaluations.classes node)

        let position = SourcePosition.atLine file line |> SourcePosition.locate "compare"

        let lonely =
            [ for node in left do
                  if (partner node).IsNone then
                      let classes = Evaluations.classes node |> String.concat ", "

                      Problem.at
                          position
                          $"{node.Label} has nothing to be compared with"
                          "compared stages segment the same classes"
                          (right |> List.map _.Label |> String.concat ", ")
                          $"add a stage for {classes} on the right" ]

        left |> List.choose (fun node -> partner node |> Option.map (fun other -> node, other)), lonely

    /// Seeds that repeat nothing, or not what the script says.
    let seedFaults (draft: ExperimentDraft) given (where: Where) =
        [ if Map.containsKey "seeds" given && draft.Seeds.IsEmpty then
              Problem.at (where "seeds") "seeds is empty" "every evaluated stage is trained once per seed" "[]" "remove it"
          for seed, times in List.countBy id draft.Seeds do
              if times > 1 then
                  Problem.at
                      (where "seeds")
                      $"seed {seed} stands {times} times"
                      "each seed stands once"
                      $"{draft.Seeds}"
                      "remove the repetition"
          for node, _ in draft.Evaluated do
              if not draft.Seeds.IsEmpty && (Evaluations.reseeded 0 node).IsNone then
                  Problem.at
                      (where "seeds")
                      $"seeds cannot repeat {node.Label}"
                      "a stage is repeated that draws at random itself"
                      (StageSpec.kind node.Spec)
                      "write the loop over seeds around what it is made of"
              elif not draft.Seeds.IsEmpty && node.Settings.ContainsKey "seed" then
                  Problem.at
                      (StageNode.position "seed" node |> SourcePosition.locate "seed")
                      $"seed has no effect on {node.Label}"
                      $"experiment \"{name}\" trains it once for each of its seeds"
                      ""
                      "remove it here, or seeds there" ]

    let emptyFaults (draft: ExperimentDraft) =
        [ if draft.Evaluated.IsEmpty then
              Problem.at
                  (SourcePosition.atLine file line |> SourcePosition.locate "experiment")
                  $"experiment \"{name}\" evaluates nothing"
                  ""
                  ""
                  "add evaluate and a model"
          for node, line in draft.Evaluated do
              if (Evaluations.classes node).IsEmpty && node.Problems.IsEmpty then
                  let position = SourcePosition.atLine file line |> SourcePosition.locate "evaluate"

                  Problem.at
                      position
                      $"{node.Label} has no class to evaluate"
                      "an evaluated stage has learned classes"
                      (StageSpec.kind node.Spec)
                      "" ]

    /// Score a model on the test subjects.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, model: Stage<Model>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> evaluate [ model.Node ] line

    /// Score models on the test subjects.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, models: Stage<Model> seq, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> evaluate (nodes models) line

    /// Score a backbone on its base classes.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, backbone: Stage<Backbone>, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> evaluate [ backbone.Node ] line

    /// Score backbones on their base classes.
    [<CustomOperation("evaluate")>]
    member _.Evaluate(settings, backbones: Stage<Backbone> seq, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> evaluate (nodes backbones) line

    /// Set models side by side that segment the same classes; evaluates them where that was not asked for.
    [<CustomOperation("compare")>]
    member _.Compare
        (settings, left: Stage<Model> seq, right: Stage<Model> seq, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int)
        =
        let left, right = nodes left, nodes right

        settings
        |> Keyword.set "compare" line (fun draft ->
            let draft = evaluated (left @ right) line draft
            { draft with Compared = draft.Compared @ [ left, right, line ] })

    /// Share of a window that the next one covers again.
    [<CustomOperation("overlap")>]
    member _.Overlap(settings, share: float, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "overlap" line (fun draft -> { draft with EvaluationOverlap = share })

    /// The part of the dataset that is scored: Part.Test where not given.
    [<CustomOperation("evaluate_on")>]
    member _.EvaluateOn(settings, part: Part, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "evaluate_on" line (fun draft -> { draft with EvaluationPart = part })

    /// Segment all classes of a model in one pass, as they were trained together, instead of one pass per class.
    [<CustomOperation("one_pass")>]
    member _.OnePass(settings, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "one_pass" line (fun draft -> { draft with EvaluationOnePass = true })

    /// Train every evaluated stage once per seed; tables give mean ± standard deviation over the seeds. What it is built on stays.
    [<CustomOperation("seeds")>]
    member _.Seeds(settings, seeds: int list, [<CallerLineNumber; Optional; DefaultParameterValue(0)>] line: int) =
        settings |> Keyword.set "seeds" line (fun draft -> { draft with Seeds = seeds })

    member _.Run(settings: Setting<ExperimentDraft> list) : Experiment =
        let position = SourcePosition.atLine file line

        let draft =
            Setting.apply
                { Evaluated = []
                  Compared = []
                  EvaluationOverlap = 0.5
                  EvaluationPart = Part.Test
                  EvaluationOnePass = false
                  Seeds = [] }
                settings

        // every evaluated stage with what is trained in its place: itself, or one stage per seed
        let repeated =
            [ for node, _ in draft.Evaluated ->
                  match draft.Seeds |> List.distinct |> List.choose (fun seed -> Evaluations.reseeded seed node) with
                  | [] -> node, [ node ]
                  | copies -> node, copies ]

        let copies node = repeated |> List.find (fun (other, _) -> obj.ReferenceEquals(other, node)) |> snd

        let variants = draft.Evaluated |> List.map fst |> Evaluations.variants

        // copies of a stage differ in their seed, which a table tells beside their mean
        let variantOf copy =
            repeated
            |> List.pick (fun (original, copies) -> if isAmong copies copy then Some original else None)
            |> fun original -> variants |> List.pick (fun (node, name) -> if obj.ReferenceEquals(node, original) then Some name else None)

        let repetitionOf copy = repeated |> List.tryFindIndex (fun (_, copies) -> copies.Length > 1 && isAmong copies copy)

        let evaluations =
            [ for node, line in draft.Evaluated do
                  let settings =
                      { EvaluationSettings.defaults (Evaluations.classes node) with
                          Overlap = draft.EvaluationOverlap
                          Part = draft.EvaluationPart
                          OnePass = draft.EvaluationOnePass }

                  for copy in copies node do
                      copy, Evaluations.stage (SourcePosition.atLine file line) settings copy ]

        let compared = draft.Compared |> List.map pairs

        let comparisons =
            [ for left, right in List.collect fst compared do
                  let left, right = copies left, copies right

                  if left.Length = right.Length then
                      yield! List.zip left right ]

        let single = settings |> List.filter (fun setting -> setting.Keyword <> "evaluate" && setting.Keyword <> "compare")
        let positions = Setting.positions file settings
        let where = where positions "experiment" position
        let evaluation = { EvaluationSettings.defaults [] with Overlap = draft.EvaluationOverlap }

        let experiment =
            { Name = name
              Outputs =
                [ yield! evaluations |> List.map snd; Evaluations.tables position name evaluations variantOf repetitionOf comparisons ]
              Position = position
              Problems =
                [ yield! Setting.repeated file single
                  yield! emptyFaults draft
                  yield! named (where "experiment") "the experiment" name
                  yield! Limit.problems positions where Numbers.evaluation evaluation
                  yield! Effect.problems positions where Effect.experiment (List.map fst draft.Evaluated)
                  yield! seedFaults draft positions where
                  yield! compared |> List.collect snd ] }

        Declared.add experiment
        experiment
