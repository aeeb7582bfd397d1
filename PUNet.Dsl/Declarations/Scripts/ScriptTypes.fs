namespace PUNet.Dsl

open PUNet.Core

// What scripts name of the core, so that they open one namespace.

/// Of a dataset: Part.Train, Part.Validation, Part.Test.
type Part = Common.Part

/// In which numbers a network multiplies.
type ComputePrecision = Common.ComputePrecision

/// What new tokens start from.
type TokenInitialisation = Training.Options.TokenInitialisation

/// How learning rates run over a training.
type RateSchedule = Training.Options.RateSchedule

/// Paper or published implementation.
type AttentionSemantics = Blocks.Attention.AttentionSemantics

/// What keys and values are projected from.
type KeyValueInput = Blocks.Attention.KeyValueInput

/// How positions form windows.
type WindowLayout = Blocks.Windows.WindowLayout

/// How pairs of different regions are masked.
type ShiftMask = Blocks.Windows.ShiftMask

/// The region of padding.
type PaddingRegion = Blocks.Windows.PaddingRegion

/// How much is padded to whole windows, and where.
type WindowPadding = Blocks.Windows.WindowPadding

/// The similarity of the last aggregation.
type SimilarityScale = Blocks.Prompts.SimilarityScale

/// Which query-independent bias scores the attention has.
type BiasScores = Blocks.Attention.BiasScores

/// Where prompts enter the network.
type PromptPlacement = Models.Promptable.PromptPlacement

/// How similarities to the tokens of a class become one map.
type SimilarityAggregation = Blocks.Prompts.SimilarityAggregation

/// Which connected components of a class's mask are kept.
type ComponentRule = Inference.Components.ComponentRule

/// How a voxel of a class is drawn, on which a crop is centred.
type ForegroundSampling = Data.Batches.ForegroundSampling
