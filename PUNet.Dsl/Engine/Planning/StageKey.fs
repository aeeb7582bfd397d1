/// Keys of stages: what their results depend on, hashed.
module PUNet.Dsl.Engine.StageKey

open PUNet.Dsl

/// Every field of a stage's key. `inputs` are content hashes by the inputs' names.
let fields (environment: KeyEnvironment) spec (inputs: Map<string, string>) =
    let strict =
        if environment.Determinism = "strict" then
            [ "processor", Fields(environment.Arithmetic |> Map.map (fun _ text -> Text text)) ]
        else
            []

    let computing =
        if StageSpec.computesOnDevice spec then
            [ "libtorch", Text environment.Libtorch
              "torchsharp", Text environment.TorchSharp
              "device", Text environment.Device
              "determinism", Text environment.Determinism ]
            @ strict
        else
            []

    Canonical.fields
        [ "kind", Text(StageSpec.kind spec)
          "parameters", StageSpec.parameters spec
          "inputs", Fields(inputs |> Map.map (fun _ hash -> Text hash))
          "code", Text(environment.Code spec)
          "environment", Canonical.fields computing ]

/// The key: 32 hexadecimal digits.
let ofFields fields = (Canonical.hash fields).Substring(0, 32)
