namespace PUNet.Dsl

/// Adapters that were tuned separately, together.
type CompositionSettings =
    {
        /// Classes of each adapter, by name.
        Adapters: string list list
    }
