namespace PUNet.Dsl.Engine

open System.Threading

/// What one run needs everywhere.
type internal RunSession =
    { Store: Store
      Index: StatIndex
      Use: StoreUse
      Repairs: Repairs
      Options: RunOptions
      Runner: StageRunner
      Emit: EngineEvent -> unit
      Cancellation: CancellationToken }
