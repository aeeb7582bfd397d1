/// A script that runs in seconds, and what a run of it tells.
module PUNet.Cli.Tests.TinyScript

open System.Text.Json
open PUNet.Cli.Tests.ProgramUnderTest

/// A script of few quick stages, with an argument `epochs`.
let script (subjects: int) =
    [| "#load \"punet.fsx\""
       "open PUNet.Dsl"
       "let scans ="
       "    dataset \"phantoms\" {"
       $"        source (phantoms {{ subjects {subjects}; in_plane 32 }})"
       "        split { train 0.6; validation 0.2; test 0.2; seed 1 }"
       "    }"
       "let small ="
       "    network {"
       "        channels [ 4; 4; 4; 8; 8 ]"
       "        heads 2"
       "        window (4, 4, 1)"
       "        tokens_per_class 2"
       "        student_patch (32, 32, 1)"
       "        second_student_patch (32, 32, 1)"
       "        teacher_patch (32, 32, 1)"
       "    }"
       "let backbone = randomBackbone scans { network small; seed 3 }"
       "let tuned ="
       "    promptTune backbone {"
       "        target \"liver\""
       "        epochs (argument \"epochs\" 1)"
       "        crops_per_epoch 2"
       "        batch_size 2"
       "    }"
       "experiment \"tiny\" { evaluate [ tuned ] }" |]

/// The events of JSON lines.
let events (ended: Ended) =
    [ for line in ended.Lines do
          use document = JsonDocument.Parse line
          document.RootElement.GetProperty("event").GetString() ]
