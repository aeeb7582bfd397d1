namespace PUNet.Dsl

open PUNet.Core.Models
open PUNet.Core.Models.Promptable

/// A network as a script declares it.
type NetworkDeclaration =
    {
        Configuration: NetworkConfiguration
        /// Whether the script states how many classes the prompt pools hold; else the dataset says it.
        HasPoolSize: bool
        /// Faults of the declaration itself.
        Problems: Problem list
    }

module NetworkDeclaration =
    /// A configuration without differences.
    let ofConfiguration configuration = { Configuration = configuration; HasPoolSize = false; Problems = [] }

    /// The network for a dataset of so many classes: with a slot for each and for background where the script states no other number.
    let forClasses (classes: int) network : NetworkConfiguration =
        match network.Configuration with
        | :? PromptableUNetConfiguration as own when not network.HasPoolSize && classes > 0 ->
            CoreRecord.set (nameof own.PoolSize) (1 + classes) own
        | other -> other
