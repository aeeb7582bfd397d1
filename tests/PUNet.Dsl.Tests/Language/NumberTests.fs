/// Every number of every keyword.
module PUNet.Dsl.Tests.NumberTests

open System
open Expecto
open Expecto.ExpectoFsCheck
open PUNet.Core.Data
open PUNet.Core.Data.Augmentation
open PUNet.Core.Data.Batches
open PUNet.Core.Data.Splits
open PUNet.Core.Inference
open PUNet.Core.Training.Options
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Blocks

let private wholes = [| Int32.MinValue; -1_000_000; -1; 0; 1; 2; 3; 16; 255; 4096; 65_536; 2_000_000_000; Int32.MaxValue |]

let private reals =
    [| Double.NaN
       Double.NegativeInfinity
       Double.PositiveInfinity
       Double.MinValue
       Double.MaxValue
       Double.Epsilon
       -1e-3
       -0.0
       0.0
       1e-12
       0.5
       1.0
       1.0000001
       3.0
       1e4
       1e9
       1e39 |]

let private pick (values: 'T array) (choice: int) = values[(choice &&& Int32.MaxValue) % values.Length]

/// A value of a type by three choices, where the type holds numbers only.
let rec private value (kind: Type) (a: int, b: int, c: int) : objnull option =
    let tuple (values: objnull list) : objnull option = Some(Reflection.FSharpValue.MakeTuple(Array.ofList values, kind))

    if kind = typeof<int> then
        Some(box (pick wholes a))
    elif kind = typeof<float> then
        Some(box (pick reals a))
    elif kind = typeof<int * int> then
        tuple [ pick wholes a; pick wholes b ]
    elif kind = typeof<float * float> then
        tuple [ pick reals a; pick reals b ]
    elif kind = typeof<int * int * int> then
        tuple [ pick wholes a; pick wholes b; pick wholes c ]
    elif kind = typeof<float * float * float> then
        tuple [ pick reals a; pick reals b; pick reals c ]
    elif kind = typeof<float option> then
        Some(box (Some(pick reals a)))
    elif kind = typeof<int list> then
        Some(box [ for i in 0 .. (b &&& 7) -> pick wholes (a + i * (c ||| 1)) ])
    elif kind = typeof<float list> then
        Some(box [ for i in 0 .. (b &&& 7) -> pick reals (a + i * (c ||| 1)) ])
    elif kind = typeof<(int * string) list> then
        Some(box [ pick wholes a, "one"; pick wholes b, "two" ])
    else
        None

/// What Core has against settings that the language let through.
let private refusedByCore (declared: objnull) : string list =
    let spec (node: StageNode) =
        let text = Canonical.toJson (StageSpec.parameters node.Spec)

        let recipe (recipe: TrainingRecipe) =
            [ let batch =
                  BatchOptions(BatchSize = recipe.BatchSize, CropsPerVolume = recipe.CropsPerVolume, FewestActive = 0, MostActive = 0)

              yield! batch.Faults()
              yield! AugmentationOptions.Student.Scaled(recipe.AugmentationStrength).Faults "student" ]

        let faults =
            match node.Spec with
            | Prepare options ->
                match options.Split with
                | :? SplitRule.Shares as shares -> List.ofSeq (SplitShares(shares.Train, shares.Validation, shares.Test).Faults())
                | _ -> []
            | Pretrain options -> recipe options.Recipe
            | Adapt options -> recipe options.Recipe
            | Evaluate options -> List.ofSeq (SlidingWindowOptions(Overlap = options.Overlap).Faults())
            | GeneratePhantoms _
            | RandomBackbone _
            | Compose _
            | Report _ -> []

        faults
        @ [ if text.Contains "NaN" || text.Contains "Infinity" then
                text ]

    match declared with
    | :? Dataset as dataset -> spec dataset.Stage.Node
    | :? Stage<Volumes> as stage -> spec stage.Node
    | :? Stage<Backbone> as stage -> spec stage.Node
    | :? Stage<Model> as stage -> spec stage.Node
    | :? NetworkDeclaration as network -> [ for fault in network.Configuration.Faults() -> string fault ]
    | :? PrototypeAssignment
    | :? FocalLossDeclaration
    | :? Recipe
    | :? SplitDeclaration
    | :? ClassSplit -> []
    | :? Experiment as experiment ->
        let graph = Graph.ofOutputs experiment.Outputs

        experiment.Outputs
        |> List.collect spec
        |> List.append
            [ if graph.Nodes.IsEmpty then
                  "no stage" ]
    | other -> failtest $"{other}"

/// Settings of which nothing is known in advance are refused at their keyword, or work.
let private check (block: Block) keyword (kinds: Type list) choices =
    let values = kinds |> List.choose (fun kind -> value kind choices)
    let declared = write block [ { Keyword = keyword; Values = values } ]

    match problems declared with
    | [] -> Expect.isEmpty (refusedByCore declared) $"{block.Name} {{ {keyword} {values} }} was let through"
    | faults ->
        for fault in faults do
            // shares are wrong together, which is told at the word that holds them
            let isWhole = fault.What.Contains "does not sum" || fault.What.Contains "no subject trains" && keyword <> "train"
            let line = if isWhole then 1 else lines[keyword]
            Expect.equal (fault.Position.File, fault.Position.Line) (script, line) $"{fault} of {keyword} {values}"
            Expect.isGreaterThan fault.Position.Column 0 $"{fault}"

let private few = { FsCheckConfig.defaultConfig with maxTest = 40 }

[<Tests>]
let tests =
    testList
        "numbers"
        [ test "every kind of block has keywords, and every builder of the language is among them" {
              Expect.all all (fun block -> not (keywords block).IsEmpty) ""

              let builders =
                  typeof<BlockKeyword>.Assembly.GetTypes()
                  |> Array.filter (fun kind ->
                      not kind.IsAbstract
                      && kind.Name.EndsWith("Builder", StringComparison.Ordinal)
                      && not (BlockKeyword.ofBuilder kind).IsEmpty)
                  |> Array.map _.Name
                  |> Set.ofArray

              Expect.equal (all |> List.map (fun block -> block.Builder.GetType().Name) |> Set.ofList) builders ""
          }

          for block in all do
              for keyword, kinds in keywords block do
                  if not kinds.IsEmpty && kinds |> List.forall (fun kind -> (value kind (0, 0, 0)).IsSome) then
                      testPropertyWithConfig
                          few
                          $"any number of {keyword} in {block.Name} is refused at its place, or works"
                          (check block keyword kinds) ]
