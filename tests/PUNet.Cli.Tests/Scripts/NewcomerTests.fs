/// Mistakes that people make in their first scripts, and what they are told.
module PUNet.Cli.Tests.NewcomerTests

open System
open System.IO
open Expecto
open FSharp.Compiler.CodeAnalysis
open PUNet.Cli.Scripts
open PUNet.Dsl

let private script =
    """open PUNet.Dsl

let scans =
    dataset "phantoms" {
        source (phantoms { subjects 24 })
        body_crop 4.0
        intensity_window (-160.0, 240.0)

        split {
            train 0.7
            validation 0.1
            test 0.2
            seed 1
        }
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "spleen" ]
        novel_classes [ "bladder" ]
    }

let backbone =
    pretrain scans {
        supervise organs.Base
        focal_loss { gamma 2.0 }
        self_supervise (cpa { weight 0.02 })
        epochs 8
        body_rate 1.5e-3
    }

let tuned = [ for organ in organs.Novel -> promptTune backbone { target organ; epochs 6 } ]

experiment "quick" { evaluate tuned }
"""

/// Edits of the script, and the one line that is told: place, what is wrong, what to do.
let private mistakes: ((string * string) list * string) list =
    [ // a value that is named like a keyword
      [ "let backbone =", "let gamma = 2.0\nlet backbone ="; "{ gamma 2.0 }", "{ gamma gamma }" ],
      "(27,28): 'gamma' is a keyword inside focal_loss { }; give your value another name, for example my_gamma"
      [ "let backbone =", "let rate = 1e-3\nlet backbone ="; "body_rate 1.5e-3", "rate rate" ],
      "(30,14): 'rate' is a keyword inside pretrain { }; give your value another name, for example my_rate"
      [ "let backbone =", "let epochs = 8\nlet backbone ="; "        epochs 8", "        epochs epochs" ],
      "(29,16): 'epochs' is a keyword inside pretrain { }; give your value another name, for example my_epochs"
      [ "let backbone =", "let seed = 3\nlet backbone ="; "body_rate 1.5e-3", "batch_size (2 * seed)" ],
      "(30,25): 'seed' is a keyword inside pretrain { }; give your value another name, for example my_seed"
      // lists and values of several parts
      [ "[ \"liver\"; \"spleen\" ]", "[ \"liver\", \"spleen\" ]" ],
      "(19,22): items of a list are separated by ;; write [ \"liver\"; \"spleen\" ]"
      [ "[ \"liver\"; \"spleen\" ]", "[ \"liver\", \"kidney, left\" ]" ],
      "(19,22): items of a list are separated by ;; write [ \"liver\"; \"kidney, left\" ]"
      [ "let organs =", "let small = network { channels [ 8, 8, 16, 16, 16 ] }\nlet organs =" ],
      "(17,32): items of a list are separated by ;; write [ 8; 8; 16; 16; 16 ]"
      [ "body_crop 4.0", "classes [ 1, \"liver\", 2, \"spleen\" ]" ],
      "(6,17): items of a list are separated by ;; for example [ 1, \"liver\"; 2, \"spleen\" ]"
      [ "(-160.0, 240.0)", "-160.0, 240.0" ],
      "(7,9): the values of 'intensity_window' belong in parentheses; write intensity_window (-160.0, 240.0)"
      [ "(-160.0, 240.0)", "-160.0 240.0" ],
      "(7,9): 'intensity_window' takes two numbers in parentheses, (-160.0, 240.0); given: a number with a point; \
       write intensity_window (-160.0, 240.0)"
      [ "body_crop 4.0", "spacing 1.0 1.0 2.0" ],
      "(6,9): 'spacing' takes three numbers in parentheses, (1.0, 1.0, 2.5), or None; given: 1.0 1.0 2.0; write spacing (1.0, 1.0, 2.0)"
      [ "train 0.7", "train 0,7" ],
      "(10,13): 'train' takes one value, and a comma makes two; a decimal point is a dot, and items of a list are separated by ;"
      // settings and their values
      [ "body_crop 4.0", "body_crop - 4.0" ], "(6,9): a minus with a blank behind it subtracts; write body_crop -4.0"
      [ "        epochs 8", "        epochs = 8" ], "(28,9): 'epochs' takes its value without =; write epochs 8"
      [ "        epochs 8", "        epochs: 8" ], "(28,15): 'epochs' takes its value without :; write epochs  8"
      [ "        epochs 8", "        epochs 8.0" ], "(28,9): 'epochs' takes a whole number; given: a number with a point"
      [ "        epochs 8", "        epochs \"8\"" ], "(28,9): 'epochs' takes a whole number; given: a text"
      [ "        epochs 8", "        epochs" ], "(28,9): 'epochs' takes a whole number; given: nothing"
      [ "target organ; epochs 6", "target organ epochs 6" ],
      "(32,79): two settings on one line are separated by ;; write target organ; epochs 6"
      [ "supervise organs.Base", "supervise 3" ],
      "(25,9): 'supervise' takes classes of a classSplit, for example organs.Base, \
       or a class of a classSplit, or a list of texts in quotes, [ \"liver\"; \"spleen\" ], or a text in quotes; given: a whole number"
      [ "target organ;", "target organs.Novel;" ],
      "(32,66): 'target' takes a class of a classSplit, or a text in quotes; given: several classes; targets takes several"
      [ "evaluate tuned", "compare tuned.[0] tuned" ],
      "(34,22): 'compare' takes a list of models and a list of models, or a model and a model; \
       given: one model and a list of models; give two models, or two lists"
      [ "evaluate tuned", "compare tuned [ backbone ]" ],
      "(34,22): 'compare' takes a list of models and a list of models, or a model and a model; \
       given: a list of models and a list of backbones"
      [ "(cpa { weight 0.02 })", "cpa { weight 0.02 }" ],
      "(27,24): a block that is a value stands in parentheses; write self_supervise (cpa { … })"
      [ "(phantoms { subjects 24 })", "phantoms { subjects 24 }" ],
      "(5,16): a block that is a value stands in parentheses; write source (phantoms { … })"
      [ "        epochs 8", "        epochs 8\n        precision Bfloat16" ],
      "(29,19): 'Bfloat16' is not defined; write ComputePrecision.Bfloat16"
      [ "        epochs 8", "        prompts_in_blocks False" ], "(28,27): 'False' is not defined; write false"
      [ "        epochs 8", "        epochs number_of_epochs" ],
      "(28,16): 'number_of_epochs' is not defined; define it above with let, or correct it"
      [ "promptTune backbone", "promptTune backbonee" ], "(32,55): 'backbonee' is not defined; did you mean \"backbone\"?"
      [ "{ evaluate tuned }", "{ }" ],
      "(34,1): A block of settings holds a keyword at least, and keywords only: leave an empty block out; \
       choose before the block, or write the if inside a keyword's argument."
      // words
      [ "        epochs 8", "        epoch 5" ], "(28,9): 'epoch' is no keyword of pretrain { }; did you mean \"epochs\"?"
      [ "        epochs 8", "        Epochs 5" ], "(28,9): 'Epochs' is no keyword of pretrain { }; did you mean \"epochs\"?"
      [ "body_rate", "body-rate" ], "(29,9): keywords are written with underscores; write body_rate"
      [ "        epochs 8", "        epochs 8\n        subjects 3" ],
      "(29,9): 'subjects' is no keyword of pretrain { }; it belongs to promptTune, fineTune, tuneOutput, tuneDecoder, \
       tuneBiases, tuneBottlenecks, tuneBiasesAndPrompts, tuneLowRank, tuneNorms, phantoms"
      [ "    pretrain scans", "    pretain scans" ], "(24,5): there is no 'pretain'; did you mean \"pretrain\"?"
      [ "promptTune backbone", "prompttune backbone" ], "(32,44): there is no 'prompttune'; did you mean \"promptTune\"?"
      [ "open PUNet.Dsl\n", "" ], "(3,5): 'dataset' is a word of PUNet.Dsl, which the script does not open; add the line: open PUNet.Dsl"
      [ "open PUNet.Dsl", "open PUnet.Dsl" ], "(1,6): there is no PUnet.Dsl; write open PUNet.Dsl"
      [ "organs.Base", "organs.base" ], "(25,25): 'organs.base' is not defined; write organs.Base"
      [ "focal_loss { gamma 2.0 }", "segmentation_loss (cpa { weight 0.1 })" ],
      "(26,9): 'segmentation_loss' is a former word; write focal_loss { … }"
      [ "focal_loss { gamma 2.0 }", "focal_los { gamma 2.0 }" ],
      "(26,9): 'focal_los' is no keyword of pretrain { }; did you mean \"focal_loss\"?"
      [ "promptTune backbone", "tuneAdapters backbone" ], "(32,44): 'tuneAdapters' is a former word; write tuneBottlenecks"
      [ "let backbone =", "let short = recipe { epochs 3 }\nlet backbone ="; "        epochs 8", "        short" ],
      "(29,9): a recipe is taken into a block by follow; write follow short"
      [ "        epochs 8", "        epochs 8 1" ], "(28,9): 'epochs' takes a whole number; given: more than that"
      [ "let organs =", "let base = recipe { epochs 3 }\nlet organs =" ],
      "(17,5): 'base' is a word of F#; give your value another name, for example my_base"
      // quotes, braces, lines
      [ "\"liver\"; \"spleen\"", "liver; spleen" ], "(19,24): 'liver' is not defined; a text stands in quotes: \"liver\""
      [ "\"liver\"; \"spleen\"", "'liver'; 'spleen'" ], "(19,24): a text stands in double quotes; write \"liver\""
      [ "\"liver\"; \"spleen\"", "“liver”; “spleen”" ], "(19,24): “ is no quote of F#; write \""
      [ "\"spleen\" ]", "\"spleen ]" ], "(19,33): a text begins here and does not end on its line; close it with \""
      [ "\"spleen\" ]", "\"spleen\"" ], "(19,22): '[' is opened here and not closed; add ] at its end"
      [ "(cpa { weight 0.02 })", "(cpa { weight 0.02 }" ], "(27,24): '(' is opened here and not closed; add ) at its end"
      [ "        seed 1\n        }\n    }", "        seed 1\n        }\n" ], "(4,24): '{' is opened here and not closed; add } at its end"
      [ "        epochs 8", "      epochs 8" ],
      "(28,7): 'epochs' begins further left than the setting above it; settings of a block begin in one column: here column 9, as on line 27"
      [ "        epochs 8", "          epochs 8" ],
      "(28,11): 'epochs' begins further right than the setting above it; settings of a block begin in one column: here column 9, as on line 27"
      [ "    pretrain scans {", "pretrain scans {" ],
      "(24,1): the line begins too far left; it belongs to what begins on line 23: begin it further right than column 1"
      [ "        epochs 8", "        # longer\n        epochs 8" ], "(28,9): a comment begins with //"
      [ "train 0.7", "train 70%" ], "(10,21): there are no percent signs; a share is a number from 0 to 1, for example 0.7"
      // what belongs outside of a block
      [ "        epochs 8", "        let n = 8\n        epochs n" ],
      "(28,13): a block of settings holds keywords only; put the let above the block"
      [ "        epochs 8", "        if true then epochs 8" ],
      "(28,22): a block of settings holds keywords only; choose before the block, or write the if inside a keyword's argument"
      [ "for organ in organs.Novel", "for organ organs.Novel" ],
      "(32,15): a loop names what it goes through behind in; write for organ in organs.Novel"
      [ "-> promptTune", "promptTune" ],
      "(32,88): a loop in a list has -> before what it makes; for example [ for organ in organs.Novel -> promptTune backbone { … } ]" ]

/// One compiler for all, which reads the libraries once.
let private checker = lazy FSharpChecker.Create()

/// What is told of a script, without its path.
let private told (text: string) =
    let folder = Directory.CreateTempSubdirectory "punet-newcomer-"
    let path = Path.Combine(folder.FullName, "script.fsx")
    File.WriteAllText(path, text)

    try
        let output = Path.ChangeExtension(path, ".dll")
        let arguments = Array.ofList ([ "fsc"; $"-o:{output}" ] @ CompilerFlags.all @ CompilerFlags.references @ [ path ])
        let _, diagnostics = checker.Value.Compile(arguments) |> Async.RunSynchronously |> fun (diagnostics, _) -> (), diagnostics
        Diagnostics.problems diagnostics |> List.map (fun problem -> (string problem).Replace(path, ""))
    finally
        folder.Delete true

[<Tests>]
let tests =
    testSequenced
    <| testList
        "newcomers"
        [ test "the script itself has no fault" { Expect.isEmpty (told script) "" }

          for edits, line in mistakes do
              test line {
                  let text =
                      (script, edits)
                      ||> List.fold (fun text (before, after) ->
                          Expect.stringContains text before ""
                          text.Replace(before, after))

                  Expect.equal (told text) [ line ] ""
              } ]
