/// A script that runs in seconds, and what a run of it tells.
module PUNet.Cli.Tests.TinyScript

open System.Text.Json
open PUNet.Cli.Tests.ProgramUnderTest

/// The opening of a script: phantoms of `inPlane` × `inPlane` voxels as `scans`.
let phantoms (subjects: int) (inPlane: int) =
    [| "#load \"punet.fsx\""
       "open PUNet.Dsl"
       "let scans ="
       "    dataset \"phantoms\" {"
       $"        source (phantoms {{ subjects {subjects}; in_plane {inPlane} }})"
       "        split { train 0.6; validation 0.2; test 0.2; seed 1 }"
       "    }" |]

/// A network `small` that trains in seconds, and a `backbone` of it with random weights.
let network =
    [| "let small ="
       "    network {"
       "        channels [ 4; 4; 4; 8; 8 ]"
       "        heads 2"
       "        window (4, 4, 1)"
       "        tokens_per_class 2"
       "        student_patch (32, 32, 1)"
       "        second_student_patch (32, 32, 1)"
       "        teacher_patch (32, 32, 1)"
       "    }"
       "let backbone = randomBackbone scans { network small; seed 3 }" |]

/// A script of few quick stages, with an argument `epochs`.
let script (subjects: int) =
    Array.concat
        [ phantoms subjects 32
          network
          [| "let tuned ="
             "    promptTune backbone {"
             "        paper; target \"liver\""
             "        epochs (argument \"epochs\" 1)"
             "        crops_per_epoch 2"
             "        batch_size 2"
             "    }"
             "experiment \"tiny\" { evaluate [ tuned ] }" |] ]

/// The events of JSON lines.
let events (ended: Ended) =
    [ for line in ended.Lines do
          use document = JsonDocument.Parse line
          document.RootElement.GetProperty("event").GetString() ]
