namespace PUNet.Dsl.Engine

open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl

/// What a stage's key holds beside its declaration and inputs.
type KeyEnvironment =
    {
        /// Version and build of libtorch.
        Libtorch: string
        /// Version of TorchSharp, which calls it.
        TorchSharp: string
        /// Device class: cpu or cuda.
        Device: string
        /// Determinism level: strict, seeded or fast.
        Determinism: string
        /// What of this machine decides the bits of a result; part of a key where the level is strict.
        Arithmetic: Map<string, string>
        /// What stands for the code that a stage runs; see `CodeHash`.
        Code: StageSpec -> string
        /// The functions behind it, by the stage's kind, with a hash of each; asked for only to explain or to record.
        Functions: string -> Map<string, string>
    }

module KeyEnvironment =
    /// The version and build of the libtorch that computes; known without loading it. Raises LibtorchException where one is named that is none.
    let libtorchVersion () =
        match PUNet.Core.Common.Native.NativeTorch.Libtorch with
        | null -> PUNet.Core.Common.Native.NativeTorch.BuiltFor
        | libtorch -> libtorch.Identity

    /// The version of TorchSharp that this build was made for; known without loading it.
    let torchSharpVersion =
        typeof<PUNet.Core.Common.Extent>.Assembly.GetReferencedAssemblies()
        |> Seq.tryFind (fun name -> name.Name = "TorchSharp")
        |> Option.map (fun name -> string name.Version)
        |> Option.defaultValue "unknown"

    /// For a device class, cpu or cuda.
    let forDevice device =
        { Libtorch = libtorchVersion ()
          TorchSharp = torchSharpVersion
          Device = device
          Determinism = "seeded"
          Arithmetic = Map.ofSeq (MachineArithmetic.Describe device |> Seq.map (fun trait' -> trait'.Key, trait'.Value))
          Code = StageSpec.kind >> Code.CodeHash.ofKind
          Functions = Code.CodeHash.functions }

/// How an experiment is run or planned.
type RunOptions =
    {
        /// Folder of the store, usually .punet beside the script's project.
        StoreFolder: string
        /// Folder that relative data paths are looked up in.
        DataFolder: string
        Environment: KeyEnvironment
        /// Labels of stages to run even if their results are in the store.
        Force: Set<string>
        /// Most stages that run side by side.
        Jobs: int
        /// Read all input files again instead of trusting size and times of the stat index.
        VerifyContent: bool
        /// The script that is run, whose results `gc` keeps; none for a run of its own.
        Script: string option
    }

module RunOptions =
    /// Runs on the CPU, with nothing forced.
    let inFolders storeFolder dataFolder =
        { StoreFolder = storeFolder
          DataFolder = dataFolder
          Environment = KeyEnvironment.forDevice "cpu"
          Force = Set.empty
          Jobs = 1
          VerifyContent = false
          Script = None }
