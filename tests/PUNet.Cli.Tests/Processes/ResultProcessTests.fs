/// Results as a reader reaches them: reports, models of stages, and what is said of classes that no subject has.
module PUNet.Cli.Tests.ResultProcessTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Core.Data
open PUNet.Core.Data.Layouts
open PUNet.Core.Data.Phantoms
open PUNet.Core.Imaging
open PUNet.Core.Imaging.Nifti

let private network =
    Array.append
        TinyScript.network
        [| "let tune (organ: string) step ="
           "    promptTune backbone { target organ; epochs 1; crops_per_epoch 2; batch_size 2; prompt_rate (step * argument \"factor\" 1.0) }" |]

let private phantoms = TinyScript.phantoms 5 48

let private choice =
    [| "pipeline {"
       "    let! chosen = best [ tune \"bladder\" 1e-3; tune \"bladder\" 2e-3 ]"
       "    return experiment \"chosen\" { evaluate [ chosen; tune \"liver\" 1e-3 ] }"
       "}" |]

/// A folder of phantoms in parts, of which some have lost some of their labels.
let private writeParts (place: Workplace) (lost: (string * byte) list) =
    let source = Path.Combine(place.Root, "source")
    Directory.CreateDirectory source |> ignore
    let options = PhantomOptions(Subjects = 4, InPlane = 48)
    PhantomGenerator.Write(options, source, ignore, System.Threading.CancellationToken.None)
    let subjects = PairedFolders().List source

    for part, subject in Seq.zip [ "train"; "train"; "validation"; "test" ] subjects do
        let target name = Path.Combine(place.Root, "data", "toy", part, $"{subject.Id}_{name}.nii.gz")
        Directory.CreateDirectory(Path.Combine(place.Root, "data", "toy", part)) |> ignore
        File.Copy(subject.ImagePath, target "ct")
        let labels = NiftiFile.ReadLabels subject.LabelPath
        let gone = lost |> List.filter (fun (from, _) -> from = part) |> List.map (fun (_, label) -> int label)
        let kept = labels.Data |> Array.map (fun label -> if List.contains (int label) gone then 0us else label)
        NiftiWriter.Write(target "seg", LabelMap(kept, labels.Extent, labels.Geometry))

let private given =
    [| "#load \"punet.fsx\""
       "open PUNet.Core.Common"
       "open PUNet.Dsl"
       "let scans ="
       "    dataset \"toy\" {"
       "        source (Folder.pairs (data \"toy\") \"{id}_ct.nii.gz\" \"{id}_seg.nii.gz\")"
       "        classes [ 1, \"liver, left\"; 2, \"spl|een\"; 8, \"<bladder>\" ]"
       "        given_split"
       "    }" |]

let private refused folder words (expected: string list) =
    let ended = punet folder words
    Expect.equal ended.Code 2 $"{words} {ended.Error}"

    for text in expected do
        Expect.stringContains ended.Error text ""

[<Tests>]
let tests =
    testSequenced
    <| testList
        "results as processes"
        [ test "results of another level of determinism, and of a later part, are reached by the options of their run, or these are named" {
              use place = new Workplace()
              let path = place.Write("tiny.fsx", Array.concat [ phantoms; network; choice ])
              let strict = [ "--determinism"; "strict" ]
              let run = punet place.Root ([ "run"; path; "factor=2.0" ] @ strict)
              Expect.equal run.Code 0 run.Error
              Expect.stringContains run.Output "chosen" "the table of the later part"

              let report = punet place.Root ([ "report"; path; "factor=2.0" ] @ strict)
              Expect.equal report.Code 0 report.Error
              Expect.isTrue (File.Exists(Path.Combine(place.Root, "tiny.html"))) ""
              File.Delete(Path.Combine(place.Root, "tiny.html"))

              refused
                  place.Root
                  [ "report"; path; "factor=2.0" ]
                  [ "have one from a run with --determinism strict: give --determinism strict" ]

              Expect.isFalse (File.Exists(Path.Combine(place.Root, "tiny.html"))) "no page of what is not there"

              let later = $"{path}:promptTune(liver)"
              let params' = punet place.Root ([ "params"; later; "factor=2.0" ] @ strict)
              Expect.equal params'.Code 0 params'.Error
              refused place.Root [ "params"; later; "factor=2.0" ] [ "--determinism strict" ]
              refused place.Root ([ "params"; later ] @ strict) [ "parts of it wait for values" ]

              let export = punet place.Root ([ "export"; $"{path}:randomBackbone"; "factor=2.0"; "-o"; "x.safetensors" ] @ strict)
              Expect.equal export.Code 0 export.Error
              refused place.Root [ "params"; place.Root; "factor=2.0" ] [ "NAME=VALUE goes with a stage of a script" ]
          }

          test "a report of what only some stages have results of says so and ends with code 1; of nothing there is none" {
              use place = new Workplace()

              let path =
                  place.Write("tiny.fsx", Array.concat [ phantoms; network; [| "experiment \"one\" { evaluate (tune \"liver\" 1e-3) }" |] ])

              refused place.Root [ "report"; path ] [ "stages have no result"; "`punet run tiny.fsx` makes what is missing" ]
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              let ended = punet place.Root [ "report"; path; "factor=3.0" ]
              Expect.equal ended.Code 1 ended.Error
              Expect.stringContains ended.Error "3 of 6 stages have no result with --determinism seeded --device cpu" ""
              let page = File.ReadAllText(Path.Combine(place.Root, "tiny.html"))
              Expect.stringContains page "<p class=\"warning\">3 of 6 stages have no result" "the page says it too"
              Expect.stringContains page "6 stages: 3 ran, 1 no result, 2 waiting" ""
              refused place.Root [ "report"; path; "--jobs"; "2" ] [ "report takes no --jobs" ]
              // reading what a GPU computed needs no GPU
              refused place.Root [ "report"; path; "--device"; "cuda" ] [ "have one from a run with --device cpu: give --device cpu" ]
          }

          test "results that were made with --data are not mistaken for missing ones" {
              use place = new Workplace()
              writeParts place []
              let lines = Array.concat [ given; network; [| "experiment \"one\" { evaluate (tune \"liver, left\" 1e-3) }" |] ]
              let path = place.Write("tiny.fsx", lines)
              let elsewhere = Path.Combine(place.Root, "elsewhere")
              Directory.Move(Path.Combine(place.Root, "data"), elsewhere)
              Expect.equal (punet place.Root [ "run"; path; "--data"; elsewhere ]).Code 0 ""
              let stage = $"{path}:randomBackbone"
              refused place.Root [ "report"; path ] [ "does not exist"; "choose another with --data" ]
              refused place.Root [ "params"; stage ] [ "choose another with --data" ]
              Expect.equal (punet place.Root [ "report"; path; "--data"; elsewhere ]).Code 0 ""
              Expect.equal (punet place.Root [ "params"; stage; "--data"; elsewhere ]).Code 0 ""
              writeParts place [ "train", 3uy ]
              refused place.Root [ "params"; stage ] [ "the results of prepare(toy) in the store are of other files"; "--data" ]
          }

          test "a class that no training subject has, and one that no validation subject has to choose by, are faults of the script" {
              use place = new Workplace()
              writeParts place [ "train", 2uy; "validation", 8uy ]

              let candidates =
                  [| "pipeline {"
                     "    let! chosen = best [ tune \"<bladder>\" 1e-3; tune \"<bladder>\" 2e-3 ]"
                     "    return experiment \"chosen\" { evaluate [ chosen ] }"
                     "}" |]

              let path =
                  place.Write(
                      "tiny.fsx",
                      Array.concat [ given; network; candidates; [| "experiment \"one\" { evaluate (tune \"spl|een\" 1e-3) }" |] ]
                  )

              let faults =
                  [ "class \"spl|een\" is absent from the training part, which promptTune(spl|een) needs"
                    "class \"<bladder>\" is absent from the validation part, which validation(promptTune(<bladder>)" ]

              Expect.equal (punet place.Root [ "plan"; path ]).Code 0 "not known before the scans are prepared"
              refused place.Root [ "run"; path ] ("tiny.fsx(" :: faults)
              let runs = punet place.Root [ "runs" ]
              Expect.isFalse (runs.Output.Contains "promptTune") "nothing was trained"
              refused place.Root [ "plan"; path ] faults
          }

          test "a class without a test subject is absent from scores, table and page, whatever its name" {
              use place = new Workplace()
              writeParts place [ "test", 1uy ]

              let lines =
                  [| "let both = promptTune backbone { targets [ \"liver, left\"; \"<bladder>\" ]; epochs 1; crops_per_epoch 2; batch_size 2 }"
                     "let full = fineTune backbone { targets [ \"liver, left\"; \"<bladder>\" ]; epochs 1; crops_per_epoch 2; batch_size 2 }"
                     "experiment \"a|b & <c>\" { compare [ both ] [ full ] }" |]

              let path = place.Write("tiny.fsx", Array.concat [ given; network; lines ])
              let run = punet place.Root [ "run"; path ]
              Expect.equal run.Code 0 run.Error
              Expect.stringContains run.Error "no subject of the part has liver, left" ""
              let rows = run.Lines |> List.filter (fun line -> line.StartsWith "liver, left  ")
              Expect.all rows _.Contains("absent") run.Output
              Expect.hasLength (rows |> List.filter _.Contains("0 of 1")) 2 "of each variant"
              Expect.hasLength rows 3 "and their comparison"
              Expect.stringContains run.Output "absent: no subject has the class" ""

              let report = punet place.Root [ "report"; path; "-o"; "page.html" ]
              Expect.equal report.Code 0 report.Error
              let page = File.ReadAllText(Path.Combine(place.Root, "page.html"))
              let shown = Regex.Replace(page, "<script.*?</script>", "", RegexOptions.Singleline)
              Expect.isFalse (shown.Contains "NaN") "no bar of nothing"
              Expect.stringContains page ">absent</text>" "the bar's place"
              Expect.stringContains page "<td>liver, left</td><td>promptTune on randomBackbone</td><td>absent</td>" ""
              Expect.stringContains page ">a|b &amp; &lt;c&gt;</h2>" ""

              Expect.stringContains
                  page
                  "<td>promptTune on randomBackbone</td><td>fineTune on randomBackbone</td><td>absent</td>"
                  "no difference either"

              // the class that a subject has is drawn as both models segmented it, under its own name
              Expect.stringContains page "<summary>&lt;bladder&gt;</summary>" ""
              Expect.isFalse (page.Contains "<summary>liver, left</summary>") "of an absent class there is nothing to draw"
              Expect.isFalse (Regex.IsMatch(page, "<td>liver, left</td><td>(promptTune|fineTune)\\(")) "nor a score of a subject"
              Expect.hasLength (page.Split "src=\"data:image/webp;base64,") 3 "one subject, two models"
              Expect.hasLength (Regex.Matches(page, "<option value=\"data[^>]*>[^<]*, best: ")) 2 "and its volumes"
              Expect.stringContains page "<th scope=\"row\">promptTune(liver, left, &lt;bladder&gt;)</th>" ""

              for heading in
                  [ "Classes, worst first"
                    "Subjects, worst first"
                    "Training"
                    "Pipeline"
                    "Settings that differ from the usual ones"
                    "Origin" ] do
                  Expect.stringContains page $">{heading}</h2>" ""

              let crops = Regex.Matches(page, "<td>crops_per_epoch</td><td[^>]*>2</td><td[^>]*>600</td>")
              Expect.hasLength crops 2 "both tunings, with the usual value"
              Expect.stringContains page "7 stages: 7 ran" "all of them in this run"
              Expect.equal (punet place.Root [ "run"; path ]).Code 0 ""
              Expect.equal (punet place.Root [ "report"; path; "-o"; "page.html" ]).Code 0 ""
              Expect.stringContains (File.ReadAllText(Path.Combine(place.Root, "page.html"))) "7 stages: 7 cached" "none in the second"
          } ]
