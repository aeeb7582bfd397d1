/// Blocks of the language written at run time, so that tests go through every keyword there is.
module PUNet.Dsl.Tests.Blocks

open System
open System.IO
open System.Reflection
open Expecto
open PUNet.Core.Models
open PUNet.Core.Models.Adaptation
open PUNet.Dsl
open PUNet.Dsl.Tests.ToyDeclarations

/// A keyword of a block, with what it is given.
type Given = { Keyword: string; Values: objnull list }

/// A kind of block, with keywords that every one of its kind needs to be sound.
type Block = { Name: string; Builder: obj; Needs: (string * objnull list) list }

let private operations (builder: obj) = BlockKeyword.ofBuilder (builder.GetType())

/// Every keyword of a block with the types that it takes, one entry per overload.
let keywords (block: Block) = [ for keyword in operations block.Builder -> keyword.Name, keyword.Takes ]

/// A file that has every block's own word on its first line, and below it every keyword on a line of its own.
let script, lines =
    let path = Path.Combine(Path.GetTempPath(), $"punet-blocks-{Environment.ProcessId}.fsx")
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> File.Delete path)

    let named =
        [ for kind in typeof<BlockKeyword>.Assembly.GetTypes() do
              if not kind.IsAbstract && kind.Name.EndsWith("Builder", StringComparison.Ordinal) then
                  for keyword in BlockKeyword.ofBuilder kind do
                      keyword.Name ]
        |> List.distinct

    let heads =
        "dataset split phantoms network unet unetr swinUnetr classSplit recipe focal_loss cpa randomBackbone pretrain promptTune fineTune \
         tuneOutput tuneDecoder tuneBiases tuneBottlenecks tuneBiasesAndPrompts tuneLowRank tuneNorms experiment"

    File.WriteAllLines(path, heads :: [ for keyword in named -> $"    {keyword} 1" ])
    path, Map.ofList (List.indexed named |> List.map (fun (i, keyword) -> keyword, i + 2))

/// A generic method for what the block collects.
let private closed (builder: obj) (settings: objnull) (method: MethodInfo) =
    let arguments =
        if method.IsStatic then
            let shared = (method.GetParameters()[0]).ParameterType.GetGenericTypeDefinition()
            let isShared (kind: Type) = kind.IsGenericType && kind.GetGenericTypeDefinition() = shared
            (builder.GetType().GetInterfaces() |> Array.find isShared).GetGenericArguments()
        else
            match settings with
            | null -> failtest "a block yields no settings"
            | settings ->
                let collected (list: Type) = ((list.GetGenericArguments()[0]).GetGenericArguments())[0]
                let own, wanted = collected (settings.GetType()), collected (method.GetParameters()[0]).ParameterType
                if wanted.IsGenericParameter then [| own |] else own.GetGenericArguments()

    if method.IsGenericMethodDefinition then method.MakeGenericMethod arguments else method

let private invoke (block: Block) (settings: objnull) (given: Given) =
    let fits (keyword: BlockKeyword) =
        keyword.Takes.Length = given.Values.Length
        && List.forall2 (fun (kind: Type) value -> kind.IsInstanceOfType value || isNull value) keyword.Takes given.Values

    match operations block.Builder |> List.tryFind (fun keyword -> keyword.Name = given.Keyword && fits keyword) with
    | None -> failtest $"{block.Name} has no {given.Keyword} for {given.Values}"
    | Some keyword ->
        let method = closed block.Builder settings keyword.Method
        let line: objnull = Some lines[given.Keyword]
        let arguments = Array.concat [ [| settings |]; Array.ofList given.Values; [| null; line |] ]

        if method.IsStatic then
            method.Invoke(null, Array.append [| block.Builder |] arguments)
        else
            method.Invoke(block.Builder, arguments)

/// The block with these keywords behind those that it needs, each where it stands in that file.
let write (block: Block) (given: Given list) : objnull =
    let kind = block.Builder.GetType()
    let isGiven (keyword, _) = given |> List.exists (fun other -> other.Keyword = keyword)

    let needs = [ for keyword, values in block.Needs |> List.filter (isGiven >> not) -> { Keyword = keyword; Values = values } ]

    let call (method: MethodInfo | null) (arguments: objnull array) =
        match method with
        | null -> failtest $"{block.Name} cannot be written"
        | method -> method.Invoke(block.Builder, Array.truncate (method.GetParameters().Length) arguments)

    let start = call (kind.GetMethod("Yield", [| typeof<unit> |])) [| null |]
    let settings = List.fold (invoke block) start (needs @ given)
    call (kind.GetMethod "Run") [| settings; Some script; Some 1 |]

/// The faults of what a block became.
let problems (declared: objnull) : Problem list =
    match declared with
    | :? Dataset as dataset -> dataset.Stage.Node.Problems
    | :? SplitDeclaration as split -> split.Problems
    | :? NetworkDeclaration as network -> network.Problems
    | :? FocalLossDeclaration as loss ->
        let stage =
            pretrain scans {
                supervise "liver"
                loss
            }

        stage.Node.Problems
    | :? PrototypeAssignment as loss ->
        let stage = pretrain scans { self_supervise loss }
        // whether it has an effect depends on the network
        stage.Node.Problems |> List.filter (fun problem -> not (problem.What.StartsWith "self_supervise has no effect"))
    | :? Recipe as recipe ->
        let stage =
            pretrain scans {
                supervise "liver"
                follow recipe
            }

        stage.Node.Problems
    | :? ClassSplit as split -> split.Base.Problems
    | :? Stage<Volumes> as stage -> stage.Node.Problems
    | :? Stage<Backbone> as stage -> stage.Node.Problems
    | :? Stage<Model> as stage -> stage.Node.Problems
    | :? Experiment as experiment -> experiment.Problems
    | other -> failtest $"{other}"

let private files = Folder.pairs (data "toy") "{id}_ct.nii.gz" "{id}_seg.nii.gz"

let private names = [ 1, "liver"; 2, "spleen"; 3, "lungs"; 4, "bone" ]

/// The ways of adapting a backbone, each with its keyword.
let adaptations (of': Stage<Backbone>) : (AdaptationVariant * Block) list =
    let block name (builder: AdaptBuilder) = { Name = name; Builder = builder; Needs = [ "target", [ "bone" ] ] }

    [ AdaptationVariant.PromptTune, block "promptTune" (promptTune of')
      AdaptationVariant.FineTune, block "fineTune" (fineTune of')
      AdaptationVariant.TuneOutput, block "tuneOutput" (tuneOutput of')
      AdaptationVariant.TuneDecoder, block "tuneDecoder" (tuneDecoder of')
      AdaptationVariant.TuneBiases, block "tuneBiases" (tuneBiases of')
      AdaptationVariant.TuneBottlenecks, block "tuneBottlenecks" (tuneBottlenecks of')
      AdaptationVariant.TuneBiasesAndPrompts, block "tuneBiasesAndPrompts" (tuneBiasesAndPrompts of')
      AdaptationVariant.TuneLowRank, block "tuneLowRank" (tuneLowRank of')
      AdaptationVariant.TuneNorms, block "tuneNorms" (tuneNorms of') ]

/// Pre-training by labels of some classes, by itself, and by both.
let pretrainings (on: Dataset) (classes: string list) : Block list =
    let block name needs = { Name = name; Builder = pretrain on; Needs = needs }
    let labels: string * objnull list = "supervise", [ classes ]
    let itself: string * objnull list = "self_supervise", [ cpa ]

    [ block "pretrain by both" [ labels; itself ]
      block "pretrain by labels" [ labels ]
      block "pretrain by itself" [ itself ] ]

/// Every kind of block.
let all: Block list =
    let block name (builder: obj) needs = { Name = name; Builder = builder; Needs = needs }

    [ block "dataset" (dataset "toy") [ "source", [ files ]; "classes", [ names ] ]
      block "split" split []
      block "phantoms" phantoms []
      block "network" network []
      block "unet" unet []
      block "unetr" unetr []
      block "swinUnetr" swinUnetr []
      block "classSplit" (classSplit scans) []
      block "focal_loss" focal_loss []
      block "recipe" recipe []
      block "cpa" cpa []
      block "randomBackbone" (randomBackbone scans) []
      yield! pretrainings scans [ "liver"; "spleen" ]
      yield! List.map snd (adaptations backbone)
      block "experiment" (experiment "e") [ "evaluate", [ promptTune backbone { target "bone" } ] ] ]
