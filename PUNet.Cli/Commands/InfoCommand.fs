/// punet info: what this program is and runs on.
module PUNet.Cli.Commands.InfoCommand

open System
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Cli
open PUNet.Dsl.Engine
open TorchSharp

let private line (name: string) value = Console.Out.WriteLine $"{name.PadRight 12} {value}"

// Kept apart, so that libtorch is loaded only when asked for.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private torch () =
    line "threads" $"{torch.get_num_threads ()} in an operation, {torch.get_num_interop_threads ()} between operations"

    if torch.cuda.is_available () then
        line "devices" $"cpu, {torch.cuda.device_count ()} × cuda"
    else
        line "devices" "cpu"

/// Versions, operating system and processors; with `withTorch`, what libtorch says.
let run withTorch : int =
    line "punet" (typeof<Fault>.Assembly.GetName().Version)
    line "libtorch" KeyEnvironment.libtorchVersion
    line ".NET" Environment.Version
    line "system" $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"
    line "processors" Environment.ProcessorCount
    line "memory" $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L <<< 20)} MB"
    line "program" AppContext.BaseDirectory

    if withTorch then
        torch ()

    ExitCode.Done
