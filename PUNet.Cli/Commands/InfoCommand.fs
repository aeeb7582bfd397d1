/// punet info: what this program is and runs on.
module PUNet.Cli.Commands.InfoCommand

open System
open System.IO
open System.Runtime.CompilerServices
open System.Runtime.InteropServices
open PUNet.Cli
open PUNet.Core.Common
open PUNet.Core.Common.Native
open PUNet.Dsl.Engine
open TorchSharp

let private line (name: string) value = Console.Out.WriteLine $"{name.PadRight 12} {value}"

/// Which libtorch it is, and where it comes from; told without loading it.
let private libtorch () =
    match NativeTorch.Libtorch with
    | null -> line "libtorch" $"none found; made for {NativeTorch.BuiltFor}"
    | chosen ->
        let origin = if chosen.IsPackage then "PUNet's own" else "chosen"
        let devices = if chosen.HasCuda then "CPU and NVIDIA GPUs" else "CPU only"
        line "libtorch" $"{chosen.Identity}, {origin}, {devices}: {chosen.Path}"
        line "TorchSharp" $"{KeyEnvironment.torchSharpVersion}, made for libtorch {NativeTorch.BuiltFor}"

/// Names of the NVIDIA GPUs, as the driver tells them.
let private models () =
    let folder = "/proc/driver/nvidia/gpus"

    if Directory.Exists folder then
        [ for gpu in Directory.EnumerateDirectories folder |> Seq.sort do
              for text in File.ReadLines(Path.Combine(gpu, "information")) do
                  if text.StartsWith("Model:", StringComparison.Ordinal) then
                      text.Substring(6).Trim() ]
    else
        []

// Kept apart, so that libtorch is loaded only when asked for.
[<MethodImpl(MethodImplOptions.NoInlining)>]
let private torch () =
    NativeTorch.Load()

    for file in NativeTorch.Mapped() do
        line "loaded" file

    line "threads" $"{torch.get_num_threads ()} in an operation, {torch.get_num_interop_threads ()} between operations"

    if torch.cuda.is_available () then
        let names =
            match models () with
            | [] -> ""
            | names -> " (" + String.concat ", " names + ")"

        line "devices" $"cpu, {torch.cuda.device_count ()} × cuda{names}"
    else
        line "devices" "cpu"

/// Versions, operating system and processors; with `withTorch`, what libtorch says.
let run withTorch : int =
    line "punet" (typeof<Fault>.Assembly.GetName().Version)
    libtorch ()
    line ".NET" Environment.Version
    line "system" $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"
    line "processors" Environment.ProcessorCount
    line "arithmetic" (String.Join("; ", MachineArithmetic.Describe("cpu").Values))
    line "memory" $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L <<< 20)} MB"
    line "program" AppContext.BaseDirectory

    if withTorch then
        torch ()

    ExitCode.Done
