namespace PUNet.Dsl

open System.Globalization
open System.Runtime.CompilerServices
open PUNet.Core.Common
open PUNet.Core.Inference

/// pipeline { let! chosen = best candidates in return experiment "…" { … } }: what follows a let! is declared once the value is known.
/// With and! several values are waited for at once, and their stages are independent.
[<Sealed>]
type PipelineBuilder() =
    let rec bind (flow: Pipeline<'A>) (next: 'A -> Pipeline<'B>) : Pipeline<'B> =
        match flow with
        | Ready value -> next value
        | Waiting(awaited, go) -> Waiting(awaited, fun figures -> bind (go figures) next)

    let rec note position (flow: Pipeline<'T>) =
        match flow with
        | Ready _ -> ()
        | Waiting(awaited, go) ->
            Declared.addPart { Position = position; Awaited = awaited; Continue = fun figures -> note position (go figures) }

    member _.Bind(value: Value<'A>, next: 'A -> Pipeline<'B>) : Pipeline<'B> =
        Waiting(value.Needs, fun figures -> next (value.Read figures))

    member _.Bind(flow: Pipeline<'A>, next: 'A -> Pipeline<'B>) : Pipeline<'B> = bind flow next

    member _.BindReturn(value: Value<'A>, next: 'A -> 'B) : Pipeline<'B> =
        Waiting(value.Needs, fun figures -> Ready(next (value.Read figures)))

    member _.MergeSources(left: Value<'A>, right: Value<'B>) : Value<'A * 'B> =
        { Needs = left.Needs @ right.Needs; Read = fun figures -> left.Read figures, right.Read figures }

    member _.Return(value: 'T) : Pipeline<'T> = Ready value
    member _.ReturnFrom(flow: Pipeline<'T>) = flow
    member _.Zero() : Pipeline<unit> = Ready()
    member _.Combine(first: Pipeline<unit>, rest: unit -> Pipeline<'T>) = bind first rest
    member _.Delay(flow: unit -> Pipeline<'T>) = flow

    member _.For(items: 'A seq, body: 'A -> Pipeline<unit>) : Pipeline<unit> =
        items |> Seq.fold (fun flow item -> bind flow (fun () -> body item)) (Ready())

    member _.Run(flow: unit -> Pipeline<'T>, [<CallerFilePath>] ?file: string, [<CallerLineNumber>] ?line: int) =
        let flow = flow ()
        note (SourcePosition.atLine (Option.defaultValue "" file) (Option.defaultValue 0 line)) flow
        flow

/// Values of stages that a pipeline can wait for.
[<AutoOpen>]
module Values =
    let private evaluation part (model: StageNode) : StageNode =
        let options = EvaluationOptions(Classes = ResizeArray(Evaluations.classes model), Part = part)
        let stage = Evaluations.stage model.Position options model

        let problems =
            [ if part = Part.Test then
                  Problem.at
                      model.Position
                      $"test subjects would choose {model.Label}"
                      "what comes after depends on validation subjects only"
                      "Part.Test"
                      "wait for the score on Part.Validation" ]

        { stage with Problems = problems }

    let private figure part (model: StageNode) : Value<float> =
        let awaited = { Stage = evaluation part model; Figure = "mean_dice" }
        { Needs = [ awaited ]; Read = fun figures -> figures awaited }

    /// Mean Dice of a model on a part of the subjects, in percent, mean over its classes. Subjects that a choice depends on are no test
    /// subjects: Part.Test is a fault.
    let meanDice (part: Part) (model: Stage<Model>) : Value<float> = figure part model.Node

    /// Mean Dice of a model on the validation subjects, in percent.
    let validationDice (model: Stage<Model>) : Value<float> = figure Part.Validation model.Node

    /// Several values at once; their stages are independent.
    let together (values: Value<'T> list) : Value<'T list> =
        { Needs = values |> List.collect _.Needs
          Read = fun figures -> values |> List.map (fun value -> value.Read figures) }

    /// The first of the highest scores; a tie is told.
    let private highest (scored: (Stage<Model> * float) list) =
        let chosen, score = List.maxBy snd scored

        let names = scored |> List.map (fun (model, _) -> model.Node) |> Traits.distinct _.Label

        match List.zip names scored |> List.filter (fun (_, (_, other)) -> other = score) |> List.map fst with
        | _ :: _ :: _ as equals ->
            let names = String.concat ", " equals
            let shown = score.ToString("0.0", CultureInfo.InvariantCulture)
            Declared.addRemark $"best: {equals.Length} candidates have the same mean Dice, {shown} %%: {names}; the first is taken"
        | _ -> ()

        chosen

    /// The model with the highest mean Dice on the validation subjects, the first one of equals. A class that no validation subject
    /// has is a fault of the script: nothing could be compared.
    let best (models: Stage<Model> list) : Value<Stage<Model>> =
        let scores = together (List.map validationDice models)

        { Needs = scores.Needs; Read = fun figures -> scores.Read figures |> List.zip models |> highest }

    /// A flow in which later declarations depend on values of earlier stages.
    let pipeline = PipelineBuilder()
