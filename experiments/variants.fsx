// Every way of adding an organ to a frozen backbone, and none (everything from scratch); on synthetic CT, with the quick
// start's small network. The table is in docs/comparisons.md.
#load "shared/phantoms.fsx"

open PUNet.Dsl
open Phantoms

let backbone = learnBoth AttentionSemantics.Paper "backbone" 1

let untrained =
    randomBackbone scans {
        label "untrained"
        network (small AttentionSemantics.Paper)
    }

/// Ways that predict by similarity to prompts and train more than these.
let byPrompts name (way: AdaptBuilder) (organ: TargetClass) =
    way {
        paper
        follow adapting
        label $"{name}, {organ.Name}"
        target organ
        prompt_rate 1e-2
    }

/// Prompts alone, and ways that predict by a new output layer: one rate for all; the fewer parameters they tune, the higher it is.
let atOneRate name rateOfAll (way: AdaptBuilder) (organ: TargetClass) =
    way {
        paper
        follow adapting
        label $"{name}, {organ.Name}"
        target organ
        rate rateOfAll
    }

let prompted = [ for organ in organs.Novel -> atOneRate "prompting" 1e-2 (promptTune backbone) organ ]

let others =
    [ for organ in organs.Novel do
          byPrompts "bias and prompting" (tuneBiasesAndPrompts backbone) organ
          byPrompts "full" (fineTune backbone) organ
          byPrompts "scratch" (fineTune untrained) organ
          atOneRate "output layer" 1e-2 (tuneOutput backbone) organ
          atOneRate "bottlenecks" 3e-3 (tuneBottlenecks backbone) organ
          atOneRate "low rank" 3e-3 (tuneLowRank backbone) organ
          atOneRate "biases" 3e-3 (tuneBiases backbone) organ
          atOneRate "normalisations" 3e-3 (tuneNorms backbone) organ
          atOneRate "decoder" 1e-3 (tuneDecoder backbone) organ ]

experiment "variants" {
    evaluate prompted
    evaluate (compose prompted)
    evaluate others
    overlap 0.25
    components ComponentRule.All
}
