namespace PUNet.Dsl

open PUNet.Core.Models

/// A network as a script declares it.
type NetworkDeclaration =
    {
        Configuration: NetworkConfiguration
        /// Faults of the declaration itself.
        Problems: Problem list
    }
