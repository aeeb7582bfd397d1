namespace PUNet.Dsl

/// A figure of a stage's result that a later part of a script waits for.
type Awaited =
    {
        /// An evaluation.
        Stage: StageNode
        /// mean_dice, or dice of one class.
        Figure: string
    }

    override awaited.ToString() = $"{awaited.Figure} of {awaited.Stage.Label}"

/// A value that is known once stages have run.
[<NoComparison; NoEquality>]
type Value<'T> = internal { Needs: Awaited list; Read: (Awaited -> float) -> 'T }

/// A flow of declarations in which later ones depend on values of earlier stages.
[<NoComparison; NoEquality>]
type Pipeline<'T> =
    internal
    | Ready of 'T
    | Waiting of Awaited list * ((Awaited -> float) -> Pipeline<'T>)

/// The part of a flow that waits for values.
[<NoComparison; NoEquality>]
type WaitingPart =
    {
        Position: SourcePosition
        Awaited: Awaited list
        /// Declares what follows, once all values are known.
        Continue: (Awaited -> float) -> unit
    }
