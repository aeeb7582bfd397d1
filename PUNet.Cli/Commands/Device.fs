/// Which device class stages compute on; known without loading libtorch.
module PUNet.Cli.Commands.Device

open System
open System.IO
open PUNet.Cli
open PUNet.Core.Common
open PUNet.Core.Common.Native

/// Whether the libtorch that computes can use NVIDIA GPUs.
let private hasCuda () =
    match NativeTorch.Libtorch with
    | null -> false
    | libtorch -> libtorch.HasCuda

let private hasDriver () = OperatingSystem.IsWindows() || File.Exists "/dev/nvidiactl"

/// cpu or cuda. Raises LibtorchException where the libtorch that was named is none.
let choose (given: string option) : Result<string, Fault> =
    match given with
    | None
    | Some "auto" -> Ok(if hasCuda () && hasDriver () then "cuda" else "cpu")
    | Some "cpu" -> Ok "cpu"
    | Some "cuda" when hasCuda () -> Ok "cuda"
    | Some "cuda" ->
        let remedy = "name that of a PyTorch with CUDA by --libtorch DIR or PUNET_LIBTORCH"
        Error(Usage $"this libtorch computes on the CPU only; {remedy}, or build with TorchBackend=cuda in the environment")
    | Some other -> Error(Usage $"--device is auto, cpu or cuda; given: {other}")

/// cpu or cuda, of a run whose results are read: this machine need not have the device.
let named (given: string option) : Result<string, Fault> =
    match given with
    | Some("cpu" | "cuda" as device) -> Ok device
    | other -> choose other
