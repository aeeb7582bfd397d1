namespace PUNet.Dsl.Engine

open System.Threading
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Core.Data
open PUNet.Dsl

/// One stage to be computed.
type StageWork =
    {
        Spec: StageSpec
        /// Readable name, for messages only: results must not depend on it.
        Label: string
        /// Folders of the inputs by name: artifacts of earlier stages, or data of the user. Not to be written to.
        Inputs: Map<string, string>
        /// Of inputs that are files of the user: what may be opened, as it was hashed for the key; nothing else of the folder is.
        Sources: Map<string, DatasetSource>
        /// Content hash of every input, by the same names.
        InputHashes: Map<string, string>
        /// Empty folder for the result. What lies below its folder `log` (logs, times) does not count as content.
        Output: string
        /// Folder for checkpoints, kept until the stage is finished; holds what an interrupted run left.
        /// A sentence on how far it is, in progress.txt, is shown by plans.
        Work: string
        /// Results that the same code made before, the latest first: a source of bytes that would otherwise be computed anew. The
        /// result must not depend on them.
        Earlier: unit -> EarlierResult list
        Report: StageEvent -> unit
        Cancellation: CancellationToken
    }

/// Computes a stage: writes its result to `Output` and returns; raises OperationCanceledException when cancelled
/// (after a checkpoint) and any other exception when it fails.
type StageRunner = StageWork -> unit
