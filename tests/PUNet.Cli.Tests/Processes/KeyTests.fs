module PUNet.Cli.Tests.KeyTests

open System
open System.IO
open Expecto
open PUNet.Cli.Commands
open PUNet.Cli.Scripts
open PUNet.Dsl.Engine
open PUNet.Dsl.Engine.Code

/// Functions of a script, with what F# translates in a way of its own.
let private functions =
    """module Lab

type Shape =
    | Round of float
    | Square of float

type Settings = { Rate: float; Steps: int }

let defaults = { Rate = 0.5; Steps = 3 }
let third x = x / 100.0

let second (xs: float list) =
    xs |> List.map (fun x -> third x + defaults.Rate) |> List.sum

let area shape =
    match shape with
    | Round r -> 3.0 * r
    | Square s -> s * s

let inner n =
    let rec loop i total = if i >= n then total else loop (i + 1) (total + float i * 2.0)
    loop 0 0.0

let partial number =
    match number with
    | 1 -> 2
    | 2 -> 3

let run (xs: float list) =
    let weight = float (partial 1)
    let odd = seq { for i in 1 .. 3 do if i % 2 = 1 then yield float i * weight }
    second xs + area (Round 2.0) + inner defaults.Steps + Seq.sum odd

let unused () = 12
"""

let private hashOf (place: Workplace) (name: string) (text: string) =
    let folder = Path.Combine(place.Root, $"{Guid.NewGuid():N}")
    Directory.CreateDirectory folder |> ignore
    let script = Path.Combine(folder, name)
    File.WriteAllText(script, text)
    let library = Path.Combine(folder, "lab.dll")

    match Compiler.compile script library with
    | Ok _ -> ()
    | Error problems -> failtest $"{problems}"

    use libraries = new CodeLibraries([ File.ReadAllBytes library ])
    let reach = CodeReach libraries
    CodeHash.ofFunctions (reach.From(reach.Find "Lab::run"))

let private edited (text: string) (before: string) (after: string) =
    Expect.hasLength (text.Split before) 2 $"\"{before}\" stands once"
    text.Replace(before, after)

let private semantic =
    [ "a constant three calls deep", "x / 100.0", "x / 101.0"
      "a closure", "third x + defaults.Rate", "third x - defaults.Rate"
      "a value of the module", "Rate = 0.5", "Rate = 0.6"
      "a case of a match", "3.0 * r", "3.1 * r"
      "an inner loop", "float i * 2.0", "float i * 3.0"
      "a sequence", "i % 2 = 1", "i % 2 = 0" ]

let private cosmetic =
    [ "blank lines above everything, which renumber closures", "module Lab\n", "module Lab\n\n// a comment\n\n\n"
      "a renamed local",
      "let weight = float (partial 1)\n    let odd = seq { for i in 1 .. 3 do if i % 2 = 1 then yield float i * weight }",
      "let factor = float (partial 1)\n    let odd = seq { for i in 1 .. 3 do if i % 2 = 1 then yield float i * factor }"
      "a closure in a function that nothing calls, which renumbers others",
      "let third",
      "let idle k = [ 1 .. k ] |> List.map (fun i -> i + k)\nlet third"
      "a function that nothing calls", "let unused () = 12", "let unused () = 13"
      "a comment in a match, whose place is in the message of an exception", "    | 1 -> 2", "    // one\n    | 1 -> 2" ]

/// The experiment whose keys are looked at.
let private script =
    """#load "punet.fsx"
open PUNet.Dsl

let scans =
    dataset "CT" {
        source (CtOrg.inFolder (data "ct"))
        spacing (1.25, 1.25, 2.5)
        in_plane_extent 260
        split { train 0.7; validation 0.1; test 0.2; seed 1 }
    }

let organs = classSplit scans { base_classes [ "liver"; "bladder" ]; novel_classes [ "lungs" ] }

let backbone =
    pretrain scans {
        supervise organs.Base
        self_supervise cpa
        epochs 400
    }

let tuned = [ for organ in organs.Novel -> promptTune backbone { target organ; epochs 100 } ]
experiment "one" { evaluate tuned }
"""

/// Identities of all stages but the table, which holds the experiment's name: hashes of what is declared.
let private identities (place: Workplace) (name: string) (text: string) =
    match Declarations.read (place.Write(name, text.Split '\n')) [] with
    | Ok declared ->
        [ for node in declared.Graph.Nodes do
              if not node.Spec.IsReport then
                  node.Id ]
        |> Set.ofList
    | Error fault -> failtest (String.concat "\n" fault.Lines)

let private declaredSemantic =
    [ "a setting", "epochs 400", "epochs 401"
      "a default that is stated otherwise", "self_supervise cpa", "self_supervise (cpa { weight 0.02 })"
      "a setting of the data", "(1.25, 1.25, 2.5)", "(1.25, 1.25, 3.0)"
      "a setting that is left out", "        in_plane_extent 260\n", ""
      "a share of the split", "train 0.7; validation 0.1", "train 0.6; validation 0.2"
      "the seed of the split", "seed 1 }", "seed 2 }"
      "a class", "[ \"liver\"; \"bladder\" ]", "[ \"liver\"; \"kidneys\" ]"
      "another folder of the data", "data \"ct\"", "data \"ct2\"" ]

let private declaredCosmetic =
    [ "a comment", "let organs", "// organs\nlet organs"
      "reordered settings",
      "        supervise organs.Base\n        self_supervise cpa\n        epochs 400",
      "        epochs 400\n        self_supervise cpa\n        supervise organs.Base"
      "another order of classes", "[ \"liver\"; \"bladder\" ]", "[ \"bladder\"; \"liver\" ]"
      "a default that is stated", "epochs 400", "epochs 400\n        momentum 0.99"
      "a name of the dataset", "dataset \"CT\"", "dataset \"Scans\""
      "a declaration that nothing uses", "let tuned", "let other = randomBackbone scans { seed 3 }\nlet tuned"
      "a label", "promptTune backbone { target organ; epochs 100 }", "promptTune backbone { target organ; epochs 100; label \"mine\" }"
      "a renamed value",
      "let tuned = [ for organ in organs.Novel -> promptTune backbone { target organ; epochs 100 } ]\nexperiment \"one\" { evaluate tuned }",
      "let models = [ for novel in organs.Novel -> promptTune backbone { target novel; epochs 100 } ]\nexperiment \"two\" { evaluate models }" ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "keys"
        [ test "edits of a script's functions that change what is computed change the hash of the code, others do not" {
              use place = new Workplace()
              let before = hashOf place "lab.fsx" functions

              for what, old, replacement in semantic do
                  Expect.notEqual (hashOf place "lab.fsx" (edited functions old replacement)) before what

              for what, old, replacement in cosmetic do
                  Expect.equal (hashOf place "lab.fsx" (edited functions old replacement)) before what

              Expect.equal (hashOf place "moved and renamed.fsx" functions) before "another file"
          }

          test "edits of a script that change what is declared change a key, others do not" {
              use place = new Workplace()
              let before = identities place "script.fsx" script

              for what, old, replacement in declaredSemantic do
                  Expect.notEqual (identities place "script.fsx" (edited script old replacement)) before what

              for what, old, replacement in declaredCosmetic do
                  Expect.equal (identities place "script.fsx" (edited script old replacement)) before what

              Expect.equal (identities place "renamed.fsx" script) before "another file"
          } ]
