/// Rules of networks, which Core states; here they get their places in the script.
module internal PUNet.Dsl.NetworkChecks

open System
open PUNet.Core.Models
open PUNet.Core.Models.Baselines
open PUNet.Core.Models.Baselines.SwinUnetr
open PUNet.Core.Models.Baselines.UNet
open PUNet.Core.Models.Baselines.Unetr
open PUNet.Core.Models.Promptable
open PUNet.Dsl.Rules

let private keywords =
    [ "second_student_patch"
      "student_patch"
      "teacher_patch"
      "pool_size"
      "tokens_per_class"
      "unique_token_bias"
      "unique_prompt_bias"
      "bias_scores"
      "aggregation"
      "window"
      "heads"
      "channels"
      "feature_size"
      "hidden_size"
      "mlp_size"
      "layers"
      "depths"
      "semantics"
      "placement" ]

/// Sizes that nothing can hold.
let private numbers given (where: Where) (network: NetworkConfiguration) =
    [ yield! Limit.problems given where Numbers.network network
      match network with
      | :? PromptableUNetConfiguration as own -> yield! Limit.problems given where Numbers.promptable own
      | :? UNetConfiguration as own -> yield! Limit.problems given where Numbers.unet own
      | :? UnetrConfiguration as own -> yield! Limit.problems given where Numbers.unetr own
      | :? SwinUnetrConfiguration as own -> yield! Limit.problems given where Numbers.swinUnetr own
      | _ -> () ]

/// What Core refuses, each fault at the keyword that it names first among those the script gives.
let private rules (given: Map<string, SourcePosition>) (where: Where) (network: NetworkConfiguration) =
    [ for fault in network.Validate() do
          let named =
              keywords
              |> List.filter (fun keyword -> given.ContainsKey keyword && fault.Contains(keyword, StringComparison.OrdinalIgnoreCase))
              |> List.sortBy (fun keyword -> fault.IndexOf(keyword, StringComparison.OrdinalIgnoreCase))

          let position = named |> List.tryHead |> Option.map where |> Option.defaultWith (fun () -> where "network")
          Problem.at position (fault.TrimEnd '.') "" "" "" ]

/// All faults of a configuration; rules about how sizes fit together only where each is sound.
let problems given (where: Where) (network: NetworkConfiguration) =
    match numbers given where network with
    | [] -> rules given where network @ Effect.problems given where Effect.network network
    | faults -> faults

/// Whether the prompt pool, where the network has one, has a slot for every class of the dataset.
let poolHolds (where: Where) (network: NetworkConfiguration) (datasetClasses: string list) =
    match network with
    | :? PromptableUNetConfiguration as network when network.PoolSize < 1 + datasetClasses.Length ->
        [ Problem.at
              (where "network")
              "the prompt pool is too small for the dataset"
              "it needs a slot for background and for every class"
              $"pool_size {network.PoolSize}, {datasetClasses.Length} classes"
              $"set pool_size {1 + datasetClasses.Length} or more" ]
    | _ -> []
