/// Why results that somebody asks for are not in the store, and what to do about it.
module PUNet.Cli.Commands.MissingResults

open PUNet.Cli
open PUNet.Dsl
open PUNet.Dsl.Engine

let private isThere (entry: PlanEntry) = entry.Status.IsCached

/// Another device or level of determinism, as options of a command line.
type private Other = { Device: string; Determinism: string }

/// The options as they are typed; what is the same as now is left out.
let private typed (now: KeyEnvironment) (other: Other) =
    [ if other.Determinism <> now.Determinism then
          $"--determinism {other.Determinism}"
      if other.Device <> now.Device then
          $"--device {other.Device}" ]
    |> String.concat " "

/// The other options under which most of the wanted stages have results, with the number of these, where that is more than now.
let private better (declared: Declarations) (options: RunOptions) isWanted now =
    let environment = options.Environment

    let count (other: Other) =
        let environment = { environment with Device = other.Device; Determinism = other.Determinism }

        match PlanCommand.make declared { options with Environment = environment } with
        | Ok(_, plan) -> plan |> List.filter (fun entry -> isWanted entry && isThere entry) |> List.length
        | Error _ -> 0

    [ for determinism in ScriptOptions.levels do
          for device in [ "cpu"; "cuda" ] do
              let other = { Device = device; Determinism = determinism }

              if typed environment other <> "" then
                  other, count other ]
    |> List.sortByDescending snd
    |> List.tryHead
    |> Option.filter (fun (_, count) -> count > now)

/// Stages that read files of the user of which the store holds results that were made of other files.
let private otherData (plan: PlanEntry list) =
    let files (node: GraphNode) =
        [ for name, input in node.Inputs do
              match input with
              | GraphInput.Files _ -> $"inputs.{name}"
              | GraphInput.Stage _ -> () ]

    [ for entry in plan do
          match entry.Status with
          | PlanStatus.Run(RunReason.Changed(_, changes)) when
              not (files entry.Node).IsEmpty && changes |> List.forall (fun change -> List.contains change.Field (files entry.Node))
              ->
              entry.Node.Label
          | _ -> () ]

/// What of another machine's or libtorch's environment a result of the store differs in, and in nothing else.
let private otherEnvironment (plan: PlanEntry list) =
    let isEnvironment (change: FieldChange) = change.Field.StartsWith("environment.", System.StringComparison.Ordinal)

    plan
    |> List.tryPick (fun entry ->
        match entry.Status with
        | PlanStatus.Run(RunReason.Changed(_, changes)) when changes |> List.forall isEnvironment ->
            Some(changes |> List.map string |> String.concat ", ")
        | _ -> None)

/// What keeps stages from having results, with the remedy: other options that a run had, other data, or a run that is yet to come.
/// `now`: how many of the wanted stages have results.
let private because (declared: Declarations) (options: RunOptions) (plan: PlanEntry list) isWanted now =
    let missing =
        plan
        |> List.tryPick (fun entry ->
            match entry.Status with
            | PlanStatus.MissingInput what -> Some what
            | _ -> None)

    match missing, better declared options isWanted now, otherData plan, otherEnvironment plan with
    | Some what, _, _, _ -> what
    | None, Some(other, count), _, _ ->
        let option = typed options.Environment other
        let have = if count = 1 then "1 has" else $"{count} have"
        $"{have} one from a run with {option}: give {option}"
    | None, None, (_ :: _ as datasets), _ ->
        let names = String.concat ", " datasets
        $"the results of {names} in the store are of other files: name the folder of these with --data"
    | None, None, [], Some changes -> $"those in the store were made elsewhere ({changes})"
    | None, None, [], None -> $"`punet run {System.IO.Path.GetFileName declared.Script}` makes what is missing"

/// Tells of the wanted stages that have no result; none where all have one.
let tell (declared: Declarations) (options: RunOptions) (plan: PlanEntry list) isWanted : string option =
    let wanted = plan |> List.filter isWanted
    let now = wanted |> List.filter isThere |> List.length

    if now = wanted.Length then
        None
    else
        let environment = options.Environment
        let under = $"--determinism {environment.Determinism} --device {environment.Device}"
        let reason = because declared options plan isWanted now

        match wanted with
        | [ one ] -> Some $"the store has no result of {one.Node.Label} with {under}; {reason}"
        | _ -> Some $"{wanted.Length - now} of {wanted.Length} stages have no result with {under}; {reason}"

/// Whether a run with other options left more results of the script than there are with these.
let othersHaveMore (declared: Declarations) (options: RunOptions) (plan: PlanEntry list) =
    better declared options (fun _ -> true) (plan |> List.filter isThere |> List.length) |> Option.isSome

/// Tells why a stage that a command line names is not there: its result is missing, or the part of the script that declares it still waits
/// for values, or there is none of that label. `plan`: with what follows from values that are known.
let ofStage (declared: Declarations) (options: RunOptions) (plan: PlanEntry list) (label: string) : string =
    let isWanted (entry: PlanEntry) = entry.Node.Label = label
    let name = System.IO.Path.GetFileName declared.Script

    match tell declared options plan isWanted with
    | Some reason when plan |> List.exists isWanted -> reason
    | _ ->
        let remedy = NearestName.remedy label (plan |> List.map _.Node.Label)

        match better declared options isWanted 0 with
        | Some(other, _) ->
            let option = typed options.Environment other
            $"{name} has no stage {label} so far, but it has with values from a run with {option}: give {option}"
        | None when not declared.Waiting.IsEmpty && (plan |> List.exists (isThere >> not)) ->
            $"{name} has no stage {label} so far: parts of it wait for values that `punet run {name}` finds; {remedy}"
        | None -> $"{name} has no stage {label}; {remedy}"
