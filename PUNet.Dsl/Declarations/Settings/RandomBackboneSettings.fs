namespace PUNet.Dsl

open PUNet.Core.Models
open PUNet.Core.Models.Promptable

/// An untrained backbone, the lower bound of every comparison.
type RandomBackboneSettings = { Network: NetworkConfiguration; Seed: int }

module RandomBackboneSettings =
    let defaults = { Network = PromptableUNetConfiguration(); Seed = 1 }
