namespace PUNet.Dsl.Engine

/// Who computes a stage.
type ClaimHolder =
    {
        Machine: string
        /// Where the number of a process can be asked about: the machine's start, the container, and the user, as processes of
        /// others may be hidden.
        Realm: string
        Process: int
        /// Start of the process in ticks, which tells it from a later one of the same number.
        ProcessStart: int64
        /// Unique to the claim.
        Token: string
    }

    override holder.ToString() = $"process {holder.Process} on {holder.Machine}"
