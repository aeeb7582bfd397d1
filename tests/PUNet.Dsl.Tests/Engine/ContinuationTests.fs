/// Parts of a script that go on with values of stages, planned and run to their end.
module PUNet.Dsl.Tests.ContinuationTests

open System.Collections.Generic
open System.IO
open System.Threading
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine

/// Really prepares and only pretends to train: what an evaluation finds is a thousand times the rate that its model was tuned with.
[<Sealed>]
type private Script(place: ScanFolder, declare: Dataset -> unit) =
    let ran = List<string>()
    let told = List<string>()
    let source = new CancellationTokenSource()

    let options =
        let options = RunOptions.inFolders (place.At "store") place.Root

        { options with
            Environment = { options.Environment with Code = (fun _ -> "1"); Functions = fun _ -> Map.empty } }

    let host: Continuation.Host =
        { Guard =
            fun work ->
                try
                    Ok(work ())
                with error ->
                    Error [ Problem.at { File = "toy.fsx"; Line = 1; Column = 1 } error.Message "" "" "" ]
          Figure = fun folder name -> if name = "mean_dice" then float (File.ReadAllText(Path.Combine(folder, "figure.txt"))) else nan }

    let declared =
        let toy () =
            dataset "toy" {
                source (Folder.pairs (data "d") "{id}_ct" "{id}_seg")
                classes [ 1, "liver"; 2, "spleen" ]
                given_split
            }

        let collected = Declared.collect (fun () -> declare (toy ()))

        match Declarations.make (place.At "toy.fsx") [] collected [] with
        | Ok declared -> declared
        | Error problems -> failtest $"{problems}"

    let write (work: StageWork) name (text: string) = File.WriteAllText(Path.Combine(work.Output, name), text)

    /// Labels of the stages that ran.
    member _.Ran = List.ofSeq ran
    /// Sentences of later parts.
    member _.Told = List.ofSeq told
    /// How often something was done before computing.
    member val Prepared = 0 with get, set
    /// Stops the run.
    member _.Stop() = source.Cancel()
    /// What a stage does beforehand.
    member val Before: StageWork -> unit = ignore with get, set

    member private script.Compute(work: StageWork) =
        ran.Add work.Label
        script.Before work

        match work.Spec with
        | Prepare _ -> Stages.runner "cpu" 1 work
        | Adapt settings -> write work "rate.txt" (string settings.Recipe.PromptRate)
        | Evaluate _ -> write work "figure.txt" (string (1000.0 * float (File.ReadAllText(Path.Combine(work.Inputs["model"], "rate.txt")))))
        | GeneratePhantoms _
        | Pretrain _
        | RandomBackbone _
        | Compose _
        | Report _ -> write work "result.txt" ""

    member script.Run() =
        let running: Continuation.Running =
            { Runner = script.Compute
              BeforeComputing = fun () -> script.Prepared <- script.Prepared + 1
              Emit = ignore
              Tell = told.Add
              Cancellation = source.Token }

        Continuation.run host options running declared

    member _.Plan() = Continuation.plan host options declared

let private scans (place: ScanFolder) trainLabels =
    for i, part in List.indexed [ "train"; "validation"; "test" ] do
        place.Scan($"d/{part}/{part}_ct.nii.gz", i)
        place.Labels($"d/{part}/{part}_seg.nii.gz", (if part = "train" then trainLabels else 2))

let private tune scans step =
    promptTune (randomBackbone scans { seed 1 }) {
        target "spleen"
        prompt_rate step
    }

/// One value, then an experiment with the better of two tunings.
let private choice scans =
    pipeline {
        let! chosen = best [ tune scans 0.01; tune scans 0.02 ]
        return experiment "chosen" { evaluate [ chosen ] }
    }
    |> ignore

let private expectOk result =
    match result with
    | Ok value -> value
    | Error problems -> failtest $"{problems}"

let private labels (plan: PlanEntry list) = plan |> List.map _.Node.Label
let private isCached (entry: PlanEntry) = entry.Status.IsCached

[<Tests>]
let tests =
    testList
        "continuation"
        [ test "a run goes on with what follows from a value; the plan tells it from then on, and a second run does nothing" {
              use place = new ScanFolder()
              scans place 2
              let script = Script(place, choice)
              let declared, plan = expectOk (script.Plan())
              Expect.hasLength declared.Waiting 1 "nothing is known yet"
              Expect.isFalse (labels plan |> List.exists _.StartsWith("evaluate")) ""
              Expect.isEmpty script.Ran "a plan runs nothing"

              let declared, result = expectOk (script.Run())
              Expect.isEmpty declared.Waiting ""
              Expect.isTrue result.Succeeded ""
              let following = [ "evaluate(promptTune(spleen)[prompt_rate=0.02])"; "table(chosen)" ]
              Expect.equal (script.Ran |> List.skip (script.Ran.Length - 2)) following "the better one, after all that is compared"
              Expect.equal script.Ran (List.distinct script.Ran) "each stage once"
              Expect.equal (set [ for node, _ in result.Outcomes -> node.Label ]) (set script.Ran) "the outcome is that of all"

              Expect.isTrue (result.Outcomes |> List.forall (fun (_, outcome) -> outcome.IsRan)) "what ran in an earlier pass did run"

              let declared, plan = expectOk (script.Plan())
              Expect.isEmpty declared.Waiting ""
              Expect.equal (set (labels plan)) (set script.Ran) ""
              Expect.isTrue (List.forall isCached plan) ""

              let again = Script(place, choice)
              Expect.isTrue (snd (expectOk (again.Run()))).Succeeded ""
              Expect.isEmpty again.Ran ""
              Expect.equal (script.Prepared, again.Prepared) (2, 0) "once before each pass that computes"
          }

          test "parts follow each other, and each tells its remarks once" {
              use place = new ScanFolder()
              scans place 2

              let script =
                  Script(
                      place,
                      fun scans ->
                          pipeline {
                              let! first = best [ tune scans 0.01; tune scans 0.01 ]
                              let! score = validationDice first
                              let! second = validationDice (tune scans (score / 500.0))
                              return experiment $"dice {second}" { evaluate [ first ] }
                          }
                          |> ignore
                  )

              let declared, result = expectOk (script.Run())
              Expect.isTrue result.Succeeded ""
              Expect.equal [ for experiment in declared.Experiments -> experiment.Name ] [ "dice 20" ] "1000 × 0.01 / 500 × 1000"
              Expect.hasLength script.Told 1 "a tie"
              Expect.equal script.Told declared.Remarks ""
              Expect.equal (fst (expectOk (script.Plan()))).Remarks declared.Remarks "told by the plan as well"
          }

          test "a class that no subject has is told once the dataset is prepared, before anything is trained" {
              use place = new ScanFolder()
              scans place 1
              let script = Script(place, choice)
              Expect.isOk (script.Plan()) "not known before the dataset is prepared"

              let absent result =
                  match result with
                  | Ok _ -> failtest "nobody of the training part has a spleen"
                  | Error(problems: Problem list) ->
                      Expect.stringContains $"{problems}" "class \"spleen\" is absent from the training part" ""

              absent (script.Run())
              Expect.equal script.Ran [ "prepare(toy)" ] ""
              absent (script.Plan())
          }

          test "a subject that is drawn has the class, and where more classes are learned than it has, the missing one is told" {
              use place = new ScanFolder()
              scans place 1 // without a spleen, and the first of the part
              place.Scan("d/train/u_ct.nii.gz", 7)
              place.Labels("d/train/u_seg.nii.gz", 2)

              let drawn (learned: string list) number scans =
                  experiment "drawn" {
                      evaluate
                          [ for number in [ 1..number ] ->
                                promptTune (randomBackbone scans { seed 1 }) {
                                    label $"{number}"
                                    targets learned
                                    subjects 1
                                    seed number
                                } ]
                  }
                  |> ignore

              Expect.isTrue (snd (expectOk (Script(place, drawn [ "spleen" ] 8).Run()))).Succeeded "of both subjects one has it"
              place.Labels("d/train/u_seg.nii.gz", 0)

              match Script(place, drawn [ "liver"; "spleen" ] 1).Run() with
              | Ok _ -> failtest "nobody of the training part has a spleen"
              | Error problems ->
                  Expect.equal problems.Length 1 $"{problems}"
                  Expect.stringContains $"{problems}" "0 of the 1 drawn subjects have it" ""
          }

          test "what a stopped run knows declares nothing more" {
              use place = new ScanFolder()
              scans place 2

              let script =
                  Script(
                      place,
                      fun scans ->
                          choice scans
                          experiment "other" { evaluate (tune scans 0.5) } |> ignore
                  )

              script.Before <-
                  fun work ->
                      if work.Label = "promptTune(spleen)[prompt_rate=0.5]" then
                          script.Stop()
                          raise (System.OperationCanceledException())

              let declared, result = expectOk (script.Run())
              Expect.isTrue result.WasInterrupted ""
              Expect.equal [ for experiment in declared.Experiments -> experiment.Name ] [ "other" ] ""
              Expect.hasLength declared.Waiting 1 ""
              Expect.isFalse (List.contains "table(chosen)" script.Ran) ""
          }

          test "a part whose value fails to come waits on, and the other stages run" {
              use place = new ScanFolder()
              scans place 2
              let script = Script(place, choice)

              script.Before <-
                  fun work ->
                      if work.Label.Contains "0.01" then
                          failwith "no luck"

              let declared, result = expectOk (script.Run())
              Expect.hasLength declared.Waiting 1 ""
              Expect.isFalse result.Succeeded ""
              Expect.contains script.Ran "validation(promptTune(spleen)[prompt_rate=0.02])" ""
          }

          test "what a later part raises, and what is wrong with what it declares, are faults of the script" {
              use place = new ScanFolder()
              scans place 2

              let problems (next: Dataset -> float -> unit) =
                  let declare scans =
                      pipeline {
                          let! score = validationDice (tune scans 0.01)
                          next scans score
                      }
                      |> ignore

                  match Script(place, declare).Run() with
                  | Ok _ -> failtest "the part is at fault"
                  | Error problems -> $"{problems}"

              Expect.stringContains (problems (fun _ score -> failwith $"not with {score}")) "not with 10" ""

              let tuneLivre scans _ =
                  experiment "one" { evaluate (promptTune (randomBackbone scans { seed 1 }) { target "livre" }) } |> ignore

              Expect.stringContains (problems tuneLivre) "did you mean \"liver\"?" ""
          } ]
