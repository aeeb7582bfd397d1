module PUNet.Dsl.Tests.CanonicalTests

open System.Globalization
open Expecto
open Expecto.ExpectoFsCheck
open PUNet.Core.Data
open PUNet.Core.Data.Phantoms
open PUNet.Core.Models
open PUNet.Core.Losses
open PUNet.Core.Models.Promptable
open PUNet.Core.Training.Options
open PUNet.Dsl
open PUNet.Dsl.Engine

type private Inner = { Share: float; Names: string list }

type private Shape =
    | Round
    | Square of side: int * turned: bool

type private Outer = { Count: int; Inner: Inner option; Shapes: Shape list; Pair: int * string }

let private outer =
    { Count = 3
      Inner = Some { Share = 0.1; Names = [ "a\"b"; "ü" ] }
      Shapes = [ Round; Square(2, true) ]
      Pair = (1, "one") }

let private under culture work =
    let former = CultureInfo.CurrentCulture
    let changed = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
    changed.NumberFormat.NumberDecimalSeparator <- culture
    changed.NumberFormat.NegativeSign <- "minus"
    CultureInfo.CurrentCulture <- changed

    try
        work ()
    finally
        CultureInfo.CurrentCulture <- former

[<Tests>]
let tests =
    testList
        "canonical form"
        [ test "a record is written field by field, in order of names, in one way" {
              Expect.equal
                  (CanonicalRecord.ofObject outer |> Canonical.toJson)
                  """{"count":3,"inner":{"names":["a\"b","ü"],"share":0.1},"pair":[1,"one"],"shapes":["round",{"square":{"side":2,"turned":true}}]}"""
                  ""
          }

          test "the culture of the machine changes nothing" {
              let settings = PretrainingOptions(Recipe = TrainingRecipe(BodyRate = -1.5e-7), Momentum = 0.25)
              let here = CanonicalRecord.ofObject settings |> Canonical.hash
              let there = under "," (fun () -> CanonicalRecord.ofObject settings |> Canonical.hash)
              Expect.equal there here ""
          }

          testProperty "a number reads back to the same bits" (fun (number: float) ->
              match Canonical.real number with
              | Number digits -> number = 0.0 || System.Double.Parse(digits, CultureInfo.InvariantCulture).Equals number
              | _ -> false)

          testProperty "different texts give different lines, also with quotes and breaks" (fun (a: string) (b: string) ->
              let a, b = string a, string b
              (a = b) = (Canonical.toJson (Text a) = Canonical.toJson (Text b)))

          test "every settable property of Core's configuration is part of it" {
              match CanonicalRecord.ofObject (PromptableUNetConfiguration()) with
              | Fields fields ->
                  Expect.equal
                      fields.Count
                      (1 + (typeof<PromptableUNetConfiguration>.GetProperties() |> Array.filter _.CanWrite |> Array.length))
                      ""

                  Expect.equal fields["case"] (Text "PromptableUNetConfiguration") "architectures with the same sizes are told apart"
              | other -> failtest $"not fields: {other}"
          }

          test "a change of any pre-training setting changes the key" {
              let environment = KeyEnvironment.forDevice "cpu"
              let key settings = StageKey.fields environment (Pretrain settings) Map.empty |> StageKey.ofFields
              let start = PretrainingOptions()

              let changed =
                  [ PretrainingOptions(Network = PromptableUNetConfiguration(Heads = 4))
                    PretrainingOptions(Supervise = [| "liver" |])
                    PretrainingOptions(SelfSupervise = ContrastivePrototypeAssignmentOptions())
                    PretrainingOptions(PromptsInBlocks = false)
                    PretrainingOptions(ActiveClasses = struct (1, 2))
                    PretrainingOptions(Momentum = 0.98)
                    for recipe in
                        [ TrainingRecipe(Epochs = 399)
                          TrainingRecipe(GradientClip = 2.0)
                          TrainingRecipe(Seed = 2L)
                          TrainingRecipe(FocalLoss = FocalLossOptions(Gamma = 3.0)) ] do
                        PretrainingOptions(Recipe = recipe) ]

              let keys = key start :: List.map key changed
              Expect.equal (List.distinct keys).Length keys.Length "all different"

              Expect.equal
                  (key (PretrainingOptions(Recipe = TrainingRecipe(Epochs = 400))))
                  (key start)
                  "a default that is stated is the default"
          }

          test "device, libtorch and content of the inputs are in the key of what trains" {
              let environment = KeyEnvironment.forDevice "cpu"
              let key environment spec input = StageKey.fields environment spec (Map [ "scans", input ]) |> StageKey.ofFields
              let spec = Pretrain(PretrainingOptions())
              let start = key environment spec "a"
              Expect.notEqual (key { environment with Device = "cuda" } spec "a") start "device"
              Expect.notEqual (key { environment with Libtorch = "9" } spec "a") start "libtorch"
              Expect.notEqual (key { environment with Determinism = "strict" } spec "a") start "determinism"
              Expect.notEqual (key { environment with Code = fun _ -> "other" } spec "a") start "code"
              Expect.notEqual (key environment spec "b") start "input"
              let generated = GeneratePhantoms(PhantomOptions())
              let elsewhere = { environment with Libtorch = "9"; TorchSharp = "9"; Device = "cuda" }
              Expect.equal (key elsewhere generated "a") (key environment generated "a") "what computes nothing with libtorch"
          }

          test "what decides the bits on this machine is in the key of what computes in strict determinism, and only there" {
              let specs = [ Pretrain(PretrainingOptions()); RandomBackbone(UntrainedOptions()); GeneratePhantoms(PhantomOptions()) ]

              let changes level =
                  let here = { KeyEnvironment.forDevice "cpu" with Determinism = level }
                  let there = { here with Arithmetic = here.Arithmetic.Add("instructions", "AVX2") }
                  let key environment spec = StageKey.fields environment spec Map.empty |> StageKey.ofFields
                  specs |> List.map (fun spec -> key here spec <> key there spec)

              Expect.equal (changes "strict") [ true; true; false ] ""
              Expect.equal (changes "seeded") [ false; false; false ] ""
              Expect.equal (changes "fast") [ false; false; false ] ""
          }

          test "the device is not in the key of what does not compute on it" {
              let key device =
                  StageKey.fields (KeyEnvironment.forDevice device) (GeneratePhantoms(PhantomOptions())) Map.empty |> StageKey.ofFields

              Expect.equal (key "cuda") (key "cpu") ""
          }

          test "a value read back from JSON is the same value" {
              let canonical = CanonicalRecord.ofObject outer
              Expect.equal (CanonicalJson.parse (Canonical.toJson canonical)) canonical ""
          }

          test "the version of libtorch is known without loading it" {
              Expect.notEqual (KeyEnvironment.libtorchVersion ()) "unknown" ""
              Expect.isFalse PUNet.Core.Common.Native.NativeTorch.IsLoaded "declaring and planning load no libtorch"
          } ]
