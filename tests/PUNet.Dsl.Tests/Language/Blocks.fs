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

let private flags = BindingFlags.Public ||| BindingFlags.Instance

let private operations (builder: obj) =
    [ for method in builder.GetType().GetMethods flags do
          match method.GetCustomAttribute<CustomOperationAttribute>() with
          | null -> ()
          | operation -> operation.Name, method ]

/// What a script writes behind a keyword: without the settings so far, the file and the line.
let private written (method: MethodInfo) =
    method.GetParameters()
    |> List.ofArray
    |> List.tail
    |> List.filter (fun parameter -> not parameter.IsOptional)
    |> List.map _.ParameterType

/// Every keyword of a block with the types that it takes, one entry per overload.
let keywords (block: Block) = [ for name, method in operations block.Builder -> name, written method ]

/// A file that has every block's own word on its first line, and below it every keyword on a line of its own.
let script, lines =
    let path = Path.Combine(Path.GetTempPath(), $"punet-blocks-{Environment.ProcessId}.fsx")
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> File.Delete path)

    let named =
        [ for kind in typeof<FocalBuilder>.Assembly.GetTypes() do
              for method in kind.GetMethods flags do
                  match method.GetCustomAttribute<CustomOperationAttribute>() with
                  | null -> ()
                  | operation -> operation.Name ]
        |> List.distinct

    let heads =
        "dataset split phantoms network unet unetr swinUnetr classSplit focal cpa randomBackbone pretrain promptTune fineTune tuneOutput \
         tuneDecoder tuneBiases tuneBottlenecks tuneBiasesAndPrompts experiment"

    File.WriteAllLines(path, heads :: [ for keyword in named -> $"    {keyword} 1" ])
    path, Map.ofList (List.indexed named |> List.map (fun (i, keyword) -> keyword, i + 2))

/// What settings of a block collect, from the list of them.
let private record (settings: objnull) =
    match settings with
    | null -> failtest "a block yields no settings"
    | settings ->
        let setting = settings.GetType().GetGenericArguments() |> Array.head
        setting.GetGenericArguments()

let private invoke (block: Block) (file: string) (settings: objnull) (given: Given) =
    let fits (method: MethodInfo) =
        let wanted = written method

        wanted.Length = given.Values.Length
        && List.forall2 (fun (kind: Type) value -> kind.IsInstanceOfType value || isNull value) wanted given.Values

    match operations block.Builder |> List.tryFind (fun (name, method) -> name = given.Keyword && fits method) with
    | None -> failtest $"{block.Name} has no {given.Keyword} for {given.Values}"
    | Some(_, method) ->
        let place (parameter: ParameterInfo) : objnull = if parameter.Name = "file" then file else lines[given.Keyword]
        let optional = method.GetParameters() |> Array.filter _.IsOptional |> Array.map place
        let method = if method.IsGenericMethodDefinition then method.MakeGenericMethod(record settings) else method
        method.Invoke(block.Builder, Array.concat [ [| settings |]; Array.ofList given.Values; optional ])

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
    let settings = List.fold (invoke block script) start (needs @ given)
    call (kind.GetMethod "Run") [| settings; script; 1 |] // a block behind a word with arguments takes its place from there

/// The faults of what a block became.
let problems (declared: objnull) : Problem list =
    match declared with
    | :? Dataset as dataset -> dataset.Stage.Node.Problems
    | :? SplitDeclaration as split -> split.Problems
    | :? NetworkDeclaration as network -> network.Problems
    | :? LossDeclaration<FocalSettings> as loss -> loss.Problems
    | :? LossDeclaration<CpaSettings> as loss -> loss.Problems
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

    [ AdaptationVariant.PromptTune, block "promptTune" (promptTune (of', script, 1))
      AdaptationVariant.FineTune, block "fineTune" (fineTune (of', script, 1))
      AdaptationVariant.TuneOutput, block "tuneOutput" (tuneOutput (of', script, 1))
      AdaptationVariant.TuneDecoder, block "tuneDecoder" (tuneDecoder (of', script, 1))
      AdaptationVariant.TuneBiases, block "tuneBiases" (tuneBiases (of', script, 1))
      AdaptationVariant.TuneBottlenecks, block "tuneBottlenecks" (tuneBottlenecks (of', script, 1))
      AdaptationVariant.TuneBiasesAndPrompts, block "tuneBiasesAndPrompts" (tuneBiasesAndPrompts (of', script, 1)) ]

/// Pre-training by labels of some classes, by itself, and by both.
let pretrainings (on: Dataset) (classes: string list) : Block list =
    let block name needs = { Name = name; Builder = pretrain (on, script, 1); Needs = needs }
    let labels: string * objnull list = "supervise", [ classes ]
    let itself: string * objnull list = "self_supervise", [ cpa ]

    [ block "pretrain by both" [ labels; itself ]
      block "pretrain by labels" [ labels ]
      block "pretrain by itself" [ itself ] ]

/// Every kind of block.
let all: Block list =
    let block name (builder: obj) needs = { Name = name; Builder = builder; Needs = needs }

    [ block "dataset" (dataset ("toy", script, 1)) [ "source", [ files ]; "classes", [ names ] ]
      block "split" split []
      block "phantoms" phantoms []
      block "network" network []
      block "unet" unet []
      block "unetr" unetr []
      block "swinUnetr" swinUnetr []
      block "classSplit" (classSplit (scans, script, 1)) []
      block "focal" focal []
      block "cpa" cpa []
      block "randomBackbone" (randomBackbone (scans, script, 1)) []
      yield! pretrainings scans [ "liver"; "spleen" ]
      yield! List.map snd (adaptations backbone)
      block "experiment" (experiment ("e", script, 1)) [ "evaluate", [ promptTune backbone { target "bone" } ] ] ]
