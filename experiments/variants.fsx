// Every way of adding an organ to a frozen backbone, and none (everything from scratch); on synthetic CT, with the quick
// start's small network. The table is in docs/comparisons.md.
#load "shared/phantoms.fsx"

open PUNet.Core.Blocks
open PUNet.Core.Blocks.Attention
open PUNet.Dsl
open Phantoms

let backbone = learnBoth AttentionSemantics.Paper "backbone" 1

let untrained =
    randomBackbone scans {
        label "untrained"
        network (small AttentionSemantics.Paper)
        seed 1
    }

let loss =
    focal {
        gamma 2.0
        ratio_factor 0.03
    }

/// Ways that predict by similarity to prompts and train more than these.
let byPrompts name (way: AdaptBuilder) (organ: TargetClass) =
    way {
        label $"{name}, {organ.Name}"
        target organ
        segmentation_loss loss
        epochs 5
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.6
        body_rate 5e-4
        prompt_rate 1e-2
        augmentation_strength 0.3
    }

/// Prompts alone, and ways that predict by a new output layer: one rate for all; the fewer parameters they tune, the higher it is.
let atOneRate name rateOfAll (way: AdaptBuilder) (organ: TargetClass) =
    way {
        label $"{name}, {organ.Name}"
        target organ
        segmentation_loss loss
        epochs 5
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.6
        rate rateOfAll
        augmentation_strength 0.3
    }

let prompted = [ for organ in organs.Novel -> atOneRate "prompting" 1e-2 (promptTune backbone) organ ]

let others =
    [ for organ in organs.Novel do
          byPrompts "bias and prompting" (tuneBiasesAndPrompts backbone) organ
          byPrompts "full" (fineTune backbone) organ
          byPrompts "scratch" (fineTune untrained) organ
          atOneRate "output layer" 1e-2 (tuneOutput backbone) organ
          atOneRate "bottlenecks" 3e-3 (tuneBottlenecks backbone) organ
          atOneRate "biases" 3e-3 (tuneBiases backbone) organ
          atOneRate "decoder" 1e-3 (tuneDecoder backbone) organ ]

experiment "variants" {
    evaluate prompted
    evaluate (compose prompted)
    evaluate others
    overlap 0.25
}
