namespace PUNet.Cli.Rendering

open System
open PUNet.Dsl.Engine

/// Shows what happens while an experiment runs. Disposing ends the display.
type EventView =
    inherit IDisposable
    /// Called for every event, from any thread.
    abstract Show: EngineEvent -> unit
    /// A sentence between events.
    abstract Say: string -> unit
