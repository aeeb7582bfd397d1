/// Which device class stages compute on; known without loading libtorch.
module PUNet.Cli.Commands.Device

open System
open System.IO
open PUNet.Cli

/// Whether this build has libtorch for NVIDIA GPUs.
let private cudaBuild =
    lazy
        (Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes"))
         && Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*torch_cuda.*", SearchOption.AllDirectories)
            |> Seq.isEmpty
            |> not)

let private hasDriver () = OperatingSystem.IsWindows() || File.Exists "/dev/nvidiactl"

/// cpu or cuda.
let choose (given: string option) : Result<string, Fault> =
    match given with
    | None
    | Some "auto" -> Ok(if cudaBuild.Value && hasDriver () then "cuda" else "cpu")
    | Some "cpu" -> Ok "cpu"
    | Some "cuda" when cudaBuild.Value -> Ok "cuda"
    | Some "cuda" -> Error(Usage "this build computes on the CPU only; set TorchBackend=cuda in the environment and start again")
    | Some other -> Error(Usage $"--device is auto, cpu or cuda; given: {other}")
