module PUNet.Cli.Tests.ModelReferenceTests

open System
open System.IO
open Expecto
open PUNet.Cli.CommandLine
open PUNet.Cli.Commands
open PUNet.Dsl
open PUNet.Dsl.Engine

let private places (place: Workplace) =
    match CommandLine.read Commands.parameters [ "--store"; Path.Combine(place.Root, "store") ] with
    | Ok given -> ModelPlaces.ofGiven [] given.Options
    | Error fault -> failtest $"{fault}"

let private fault result =
    match result with
    | Ok(model: ModelReference) -> failtest $"{model} was found"
    | Error(fault: PUNet.Cli.Fault) -> String.concat "\n" fault.Lines

/// A folder with an empty file, as far as finding a model goes.
let private folder (place: Workplace) name file =
    let path = Directory.CreateDirectory(Path.Combine(place.Root, name)).FullName
    File.WriteAllText(Path.Combine(path, file), "")
    path

[<Tests>]
let tests =
    testList
        "model references"
        [ test "a folder with a backbone is a model" {
              use place = new Workplace()
              let path = folder place "mine" "backbone.safetensors"
              Expect.equal (ModelReference.resolve (places place) path) (Ok { Name = "mine"; Backbone = path; Adapter = None }) ""
          }

          test "an adapter finds its backbone where the command line names it" {
              use place = new Workplace()
              let backbone = folder place "backbone" "backbone.safetensors"
              let adapter = folder place "liver" "adapter.safetensors"
              let model = ModelReference.resolve { places place with Backbone = Some backbone } adapter
              Expect.equal model (Ok { Name = "liver"; Backbone = backbone; Adapter = Some adapter }) ""
              let nothing = fault (ModelReference.resolve { places place with Backbone = Some adapter } adapter)
              Expect.stringContains nothing "--backbone names no backbone" ""
          }

          test "a composition finds its backbone through the adapter that it was made of, in whatever store they lie" {
              use place = new Workplace()

              let artifact key file inputs =
                  let path = folder place key file

                  let made: Provenance =
                      { Key = key
                        Kind = "kind"
                        Label = key
                        Fields = Canonical.fields []
                        Inputs = [ for name, from in inputs -> { Name = name; From = from; Artifact = from; Reads = ""; Content = "" } ]
                        Content = ""
                        Files = []
                        Machine = ""
                        Versions = Map.empty
                        Commit = ""
                        Started = DateTimeOffset.UnixEpoch
                        Ended = DateTimeOffset.UnixEpoch
                        PeakMemory = 0L }

                  File.WriteAllText(Path.Combine(path, Provenance.fileName), Provenance.toJson made)
                  path

              let backbone = artifact "backbone" "backbone.safetensors" []
              artifact "adapter" "adapter.safetensors" [ "backbone", "backbone" ] |> ignore
              let both = artifact "both" "composition.json" [ "adapter.0", "adapter" ]
              let model = ModelReference.resolve (places place) both
              Expect.equal model (Ok { Name = "both"; Backbone = backbone; Adapter = Some both }) ""
          }

          test "a folder without a model and an unknown id are told with the rule" {
              use place = new Workplace()
              Expect.stringContains (fault (ModelReference.resolve (places place) place.Root)) "holds no model" ""
              let unknown = fault (ModelReference.resolve (places place) "12ab")
              Expect.stringContains unknown "no folder, no SCRIPT.fsx:STAGE, and no result in the store" ""
          } ]
