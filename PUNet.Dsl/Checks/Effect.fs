/// Settings that have nothing to act on, or that another setting replaces: they are refused with the reason, as a result would be the
/// same with and without them. One table per block.
module internal PUNet.Dsl.Effect

open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.Unetr
open PUNet.Core.Models.Promptable

/// When keywords of a block have no effect.
type Idle<'Declared> = { Keywords: string list; IsIdle: 'Declared -> bool; Reason: 'Declared -> string; Remedy: string }

/// What the declarations of an adaptation depend on.
type Adapted = { Variant: AdaptationVariant; Network: NetworkConfiguration }

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
    | AdaptationVariant.TuneBottlenecks -> { Body = false; Normalisations = true }
    | AdaptationVariant.FineTune
    | AdaptationVariant.TuneBiases
    | AdaptationVariant.TuneBiasesAndPrompts -> { Body = false; Normalisations = false }
    | other -> invalidArg (nameof variant) $"There is no variant {other}."

/// Whether an architecture's body normalises by statistics of its training; the two transformers normalise every sample by itself.
let private hasStatistics (network: NetworkConfiguration) =
    match network with
    | :? UnetrConfiguration
    | :? SwinUnetrConfiguration -> false
    | _ -> true

let private idle keywords isIdle reason remedy = { Keywords = keywords; IsIdle = isIdle; Reason = reason; Remedy = remedy }

/// Of promptTune and the other ways of learning new classes.
let adaptation: Idle<Adapted> list =
    let keyword adapted = AdaptationSettings.keyword adapted.Variant

    [ idle
          [ "body_rate" ]
          (fun adapted -> (frozen adapted.Variant).Body)
          (fun adapted -> $"{keyword adapted} trains prompts only")
          "state prompt_rate or rate instead"
      idle
          [ "start_from_base_mean"; "initial_tokens"; "prompt_rate"; "frozen_classes" ]
          (fun adapted -> adapted.Network.UsesFixedLayer adapted.Variant)
          (fun adapted -> $"{keyword adapted} predicts by a fixed output layer and uses no prompts")
          "remove it"
      idle
          [ "freeze_statistics" ]
          (fun adapted -> not ((frozen adapted.Variant).Normalisations && hasStatistics adapted.Network))
          (fun adapted -> $"{keyword adapted} leaves no normalisation with statistics frozen")
          "remove it" ]

let private isBaseline (settings: PretrainingSettings) =
    match settings.Network with
    | :? BaselineConfiguration -> true
    | _ -> false

let private isPlacedAtEnd (network: NetworkConfiguration) =
    match network with
    | :? PromptableUNetConfiguration as own -> own.Placement = PromptPlacement.End
    | _ -> false

/// Prototypes of a crop: the teacher's map, at half the resolution for the prompt-able UNet, reduced.
let private prototypes (settings: PretrainingSettings) (cpa: CpaSettings) =
    let patch, finest = settings.Network.TeacherPatch, (if isBaseline settings then 1 else 2)
    let reduced size = max 1.0 (floor (float size / cpa.Constants.PrototypeReduction))
    reduced ((patch.H + finest - 1) / finest) * reduced ((patch.W + finest - 1) / finest) * reduced patch.D

/// Of pretrain.
let pretraining: Idle<PretrainingSettings> list =
    let because reason (_: PretrainingSettings) = reason

    [ idle
          [ "segmentation_loss"; "active_classes"; "foreground_fraction" ]
          _.Focal.IsNone
          (because "it belongs to the labels, and none supervise")
          "add supervise …, or remove it"
      idle
          [ "prompt_rate"; "prompts_in_blocks" ]
          (fun settings -> settings.Focal.IsNone && not (isBaseline settings))
          (because "prompts learn from labels only, and none supervise")
          "add supervise …, or remove it"
      idle [ "momentum" ] _.Cpa.IsNone (because "only self-supervision has a teacher") "add self_supervise cpa, or remove it"
      idle
          [ "self_supervise" ]
          (fun settings -> settings.Cpa |> Option.exists (fun cpa -> prototypes settings cpa = 1.0))
          (because "prototype_reduction leaves one prototype of the teacher's view, to which every position is assigned")
          "state a smaller prototype_reduction, or a larger teacher_patch"
      idle [ "prompts_in_blocks"; "prompt_rate" ] isBaseline (because "this network has no prompts") "remove it"
      idle
          [ "prompts_in_blocks" ]
          (fun settings -> isPlacedAtEnd settings.Network)
          (because "placement PromptPlacement.End has prompts behind the blocks only")
          "remove it"
      idle
          [ "active_classes" ]
          (fun settings -> isBaseline settings && settings.Focal.IsSome)
          (because "this network has a channel for each base class and trains all of them at once")
          "remove it" ]

/// Of cpa { … } in a pre-training.
let assignment: Idle<PretrainingSettings> list =
    [ idle
          [ "prototype_width" ]
          (fun settings -> settings.Cpa |> Option.exists (fun cpa -> cpa.Constants.Iterations = 0))
          (fun _ -> "the k-means, which it belongs to, has no iterations")
          "remove it"
      idle
          [ "depth_scale" ]
          (fun settings -> settings.Network.StudentPatch.D = 1)
          (fun _ -> "the network's patches are one slice deep")
          "remove it" ]

/// Of network { … }.
let network: Idle<NetworkConfiguration> list =
    [ idle
          [ "unique_token_bias"; "unique_prompt_bias" ]
          isPlacedAtEnd
          (fun _ -> "placement PromptPlacement.End has prompts behind the blocks only, where nothing has bias scores")
          "remove it" ]

/// Of dataset "…" { … }.
let preparation: Idle<PreparationSettings> list =
    [ idle
          [ "keep_empty" ]
          (fun settings -> not settings.RequiredClasses.IsEmpty)
          (fun settings ->
              let required = String.concat ", " settings.RequiredClasses
              $"a subject without any class has none of the required ones either ({required})")
          "remove it, or state required_classes []" ]

/// Whether the classes of a model may share a pass: several that are told from each other by their prompts.
let rec private canShareAPass (model: StageNode) =
    let byPrompts network variant = not ((network: NetworkConfiguration).UsesFixedLayer variant)

    match model.Spec with
    | Pretrain settings -> settings.Classes.Length > 1 && not (isBaseline settings)
    | Adapt settings -> settings.Targets.Length > 1 && StageNode.network model |> Option.forall (fun own -> byPrompts own settings.Variant)
    | Compose _ ->
        model.Inputs
        |> List.exists (fun (name, input) ->
            match input with
            | StageInput.Stage part -> name <> "backbone" && canShareAPass part
            | StageInput.Files _ -> false)
    | _ -> false

/// Of experiment "…" { … }, by the models that it evaluates.
let experiment: Idle<StageNode list> list =
    [ idle
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
      "targets", "target", "target names one class, targets several" ]

/// The given keywords that have no effect on what is declared.
let problems (given: Map<string, SourcePosition>) (where: Rules.Where) (table: Idle<'Declared> list) (declared: 'Declared) =
    [ for idle in table do
          if idle.IsIdle declared then
              for keyword in idle.Keywords do
                  if given.ContainsKey keyword then
                      Problem.at (where keyword) $"{keyword} has no effect here" (idle.Reason declared) "" idle.Remedy ]

/// The given keywords of which one would replace the other.
let conflicts (given: Map<string, SourcePosition>) (where: Rules.Where) =
    [ for one, other, reason in exclusive do
          if given.ContainsKey one && given.ContainsKey other then
              let later = if given[one].Line >= given[other].Line then one else other
              Problem.at (where later) $"{one} and {other} are both given" reason "both" "remove one of them" ]
