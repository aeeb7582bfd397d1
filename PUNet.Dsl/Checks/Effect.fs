/// Settings that have nothing to act on, or that another setting replaces: they are refused with the reason, as a result would be the
/// same with and without them. One table per block.
module internal PUNet.Dsl.Effect

open PUNet.Core.Inference
open PUNet.Core.Inference.Components
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Promptable
open PUNet.Core.Training.Options
open PUNet.Core.Losses
open PUNet.Core.Data.Preparation

/// When keywords of a block have no effect.
type Idle<'Declared> = { Keywords: string list; IsIdle: 'Declared -> bool; Reason: 'Declared -> string; Remedy: string }

/// What the declarations of an adaptation depend on.
type Adapted = { Adaptation: AdaptationOptions; Network: NetworkConfiguration }

/// What a variant leaves frozen, of what settings are about.
type private Frozen =
    {
        /// Everything but prompts.
        Body: bool
        /// Some of the body's normalisations.
        Normalisations: bool
    }

let private frozen variant =
    match variant with
    | AdaptationVariant.PromptTune -> { Body = true; Normalisations = true }
    | AdaptationVariant.TuneOutput
    | AdaptationVariant.TuneDecoder
    | AdaptationVariant.TuneBottlenecks
    | AdaptationVariant.TuneLowRank -> { Body = false; Normalisations = true }
    | AdaptationVariant.FineTune
    | AdaptationVariant.TuneBiases
    | AdaptationVariant.TuneNorms
    | AdaptationVariant.TuneBiasesAndPrompts -> { Body = false; Normalisations = false }
    | other -> invalidArg (nameof variant) $"There is no variant {other}."

let private rule keywords isIdle reason remedy = { Keywords = keywords; IsIdle = isIdle; Reason = reason; Remedy = remedy }

/// Of every training: what has nothing to choose from.
let private sampling recipeOf =
    rule
        [ "foreground_sampling" ]
        (fun declared -> (recipeOf declared: TrainingRecipe).ForegroundFraction = 0.0)
        (fun _ -> "no crop is centred on a class with foreground_fraction 0")
        "state foreground_fraction, or remove it"

/// Of promptTune and the other ways of learning new classes.
let adaptation: Idle<Adapted> list =
    let keyword adapted = adapted.Adaptation.Variant.Keyword()

    [ rule
          [ "body_rate" ]
          (fun adapted -> (frozen adapted.Adaptation.Variant).Body)
          (fun adapted -> $"{keyword adapted} trains prompts only")
          "state prompt_rate or rate instead"
      rule
          [ "start_from_base_mean"; "start_from_prototypes"; "initial_tokens"; "own_background"; "prompt_rate"; "frozen_classes" ]
          (fun adapted -> adapted.Network.UsesFixedLayer adapted.Adaptation.Variant)
          (fun adapted -> $"{keyword adapted} predicts by a fixed output layer and uses no prompts")
          "remove it"
      rule
          [ "rank" ]
          (fun adapted -> adapted.Adaptation.Variant <> AdaptationVariant.TuneLowRank)
          (fun adapted -> $"{keyword adapted} has no low-rank updates")
          "state it in a tuneLowRank, or remove it"
      sampling (fun adapted -> adapted.Adaptation.Recipe)
      rule
          [ "best_of_validation" ]
          (fun adapted -> adapted.Adaptation.Recipe.Epochs = 1)
          (fun _ -> "a training of one epoch leaves no other to choose")
          "state more epochs, or remove it"
      rule
          [ "freeze_statistics" ]
          (fun adapted -> not ((frozen adapted.Adaptation.Variant).Normalisations && adapted.Network.HasStatistics))
          (fun adapted -> $"{keyword adapted} leaves no normalisation with statistics frozen")
          "remove it" ]

let private isUnsupervised (settings: PretrainingOptions) = settings.Supervise.Count = 0

let private assignmentOf (settings: PretrainingOptions) = Option.ofObj settings.SelfSupervise

let private isBaseline (settings: PretrainingOptions) =
    match settings.Network with
    | :? BaselineConfiguration -> true
    | _ -> false

let private isPlacedAtEnd (network: NetworkConfiguration) =
    match network with
    | :? PromptableUNetConfiguration as own -> own.Placement = PromptPlacement.End
    | _ -> false

/// Prototypes of a crop: the teacher's map, at half the resolution for the prompt-able UNet, reduced.
let private prototypes (settings: PretrainingOptions) (cpa: ContrastivePrototypeAssignmentOptions) =
    let patch, finest = settings.Network.TeacherPatch, (if isBaseline settings then 1 else 2)
    let reduced size = max 1.0 (floor (float size / cpa.PrototypeReduction))
    reduced ((patch.H + finest - 1) / finest) * reduced ((patch.W + finest - 1) / finest) * reduced patch.D

let private leavesOnePrototype (settings: PretrainingOptions) =
    assignmentOf settings |> Option.exists (fun cpa -> cpa.PrototypeReduction >= 1.0 && prototypes settings cpa = 1.0)

/// Of pretrain.
let pretraining: Idle<PretrainingOptions> list =
    let because reason (_: PretrainingOptions) = reason

    [ rule
          [ "focal_loss"; "dice_weight"; "active_classes"; "foreground_fraction"; "foreground_sampling" ]
          isUnsupervised
          (because "it belongs to the labels, and none supervise")
          "add supervise …, or remove it"
      sampling (fun settings -> settings.Recipe)
      rule
          [ "prompt_rate"; "prompts_in_blocks" ]
          (fun settings -> isUnsupervised settings && not (isBaseline settings))
          (because "prompts learn from labels only, and none supervise")
          "add supervise …, or remove it"
      rule
          [ "momentum" ]
          (assignmentOf >> Option.isNone)
          (because "only self-supervision has a teacher")
          "add self_supervise cpa, or remove it"
      rule
          [ "self_supervise" ]
          leavesOnePrototype
          (because "prototype_reduction leaves one prototype of the teacher's view, to which every position is assigned")
          "state a smaller prototype_reduction, or a larger teacher_patch"
      rule [ "prompts_in_blocks"; "prompt_rate" ] isBaseline (because "this network has no prompts") "remove it"
      rule
          [ "prompts_in_blocks" ]
          (fun settings -> isPlacedAtEnd settings.Network)
          (because "placement PromptPlacement.End has prompts behind the blocks only")
          "remove it"
      rule
          [ "active_classes" ]
          (fun settings -> isBaseline settings && not (isUnsupervised settings))
          (because "this network has a channel for each base class and trains all of them at once")
          "remove it"
      rule
          [ "prototype_width" ]
          (fun settings -> assignmentOf settings |> Option.exists (fun cpa -> cpa.Iterations = 0))
          (because "the k-means, which it belongs to, has no iterations")
          "remove it"
      rule
          [ "depth_scale" ]
          (fun settings -> settings.Network.StudentPatch.D = 1)
          (because "the network's patches are one slice deep")
          "remove it" ]

/// Of network { … }.
let network: Idle<NetworkConfiguration> list =
    [ rule
          [ "unique_token_bias"; "unique_prompt_bias" ]
          isPlacedAtEnd
          (fun _ -> "placement PromptPlacement.End has prompts behind the blocks only, where nothing has bias scores")
          "remove it" ]

/// Of dataset "…" { … }.
let preparation: Idle<DatasetOptions> list =
    [ rule
          [ "keep_empty" ]
          (fun settings -> settings.Preparation.RequiredClasses.Count > 0)
          (fun settings ->
              let required = String.concat ", " settings.Preparation.RequiredClasses
              $"a subject without any class has none of the required ones either ({required})")
          "remove it, or state required_classes []" ]

/// Whether the classes of a model may share a pass: several that are told from each other by their prompts.
let rec private canShareAPass (model: StageNode) =
    match StageSpec.adaptation model.Spec with
    | Some adaptation ->
        adaptation.Target.Count > 1
        && StageNode.network model |> Option.forall (fun own -> not (own.UsesFixedLayer adaptation.Variant))
    | None ->
        match StageSpec.backbone model.Spec with
        | Some(network, classes) -> classes.Length > 1 && not (network :? BaselineConfiguration)
        | None -> StageNode.composed model |> List.exists canShareAPass

/// Of experiment "…" { … }, by how it evaluates.
let evaluation: Idle<EvaluationOptions> list =
    [ rule
          [ "components" ]
          (fun options -> options.Components = ComponentRule.ByValidation && options.Reads().Count = 1)
          (fun _ -> "the validation part itself is scored, and nothing is chosen on what is scored")
          "state ComponentRule.All or Largest, or remove it" ]

/// Of experiment "…" { … }, by the models that it evaluates.
let experiment: Idle<StageNode list> list =
    [ rule
          [ "one_pass" ]
          (List.exists canShareAPass >> not)
          (fun _ -> "no evaluated model has several classes that are told apart by prompts")
          "remove it" ]

/// Keywords of a block of which only one may be given, with the reason.
let private exclusive =
    [ "normalise_per_volume", "intensity_window", "intensities become numbers in one way"
      "given_split", "split", "the split is the data's own, or a new one"
      "class_weights", "ratio_factor", "the classes' weights are given, or come from the dataset's ratios"
      "body_rate", "rate", "rate sets the rates of body and prompts"
      "prompt_rate", "rate", "rate sets the rates of body and prompts"
      "initial_tokens", "start_from_base_mean", "new tokens start in one way"
      "initial_tokens", "start_from_prototypes", "new tokens start in one way"
      "start_from_base_mean", "start_from_prototypes", "new tokens start in one way"
      "targets", "target", "target names one class, targets several" ]

/// Every keyword that would have no effect on what is declared.
let idle (table: Idle<'Declared> list) (declared: 'Declared) =
    table |> List.filter (fun idle -> idle.IsIdle declared) |> List.collect _.Keywords

/// The given keywords that have no effect on what is declared.
let problems (given: Map<string, SourcePosition>) (table: Idle<'Declared> list) (declared: 'Declared) =
    [ for idle in table do
          if idle.IsIdle declared then
              for keyword in idle.Keywords do
                  if given.ContainsKey keyword then
                      Problem.at
                          (SourcePosition.locate keyword given[keyword])
                          $"{keyword} has no effect here"
                          (idle.Reason declared)
                          ""
                          idle.Remedy ]

/// The given keywords of which one would replace the other.
let conflicts (given: Map<string, SourcePosition>) =
    [ for one, other, reason in exclusive do
          if given.ContainsKey one && given.ContainsKey other then
              let later = if given[one].Line >= given[other].Line then one else other
              Problem.at (SourcePosition.locate later given[later]) $"{one} and {other} are both given" reason "both" "remove one of them" ]
