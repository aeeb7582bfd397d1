module PUNet.Cli.Tests.ReportTests

open System.Globalization
open System.IO
open System.Xml.Linq
open Expecto
open PUNet.Cli.Rendering

let private elements (name: string) (svg: XDocument) = svg.Descendants(XName.Get(name, "http://www.w3.org/2000/svg")) |> List.ofSeq

let private attributeText (name: string) (element: XElement | null) =
    match element with
    | null -> ""
    | element -> element.Attribute(XName.Get name) |> Option.ofObj |> Option.map _.Value |> Option.defaultValue ""

let private attribute name (element: XElement) = System.Double.Parse(attributeText name element, CultureInfo.InvariantCulture)

[<Tests>]
let tests =
    testList
        "report"
        [ test "a page holds everything itself: no script, no link, pictures as data" {
              use place = new Workplace()
              let picture = Path.Combine(place.Root, "p.png")
              File.WriteAllBytes(picture, [| 1uy; 2uy; 3uy |])

              let page =
                  HtmlReport.render
                      "a < b"
                      [ HtmlReport.Heading "Results & more"
                        HtmlReport.Rows [ [ "class"; "Dice" ]; [ "<liver>"; "80" ] ]
                        HtmlReport.Picture("panels", picture)
                        HtmlReport.Drawing("curve", SvgPlot.lines "t" "epoch" [ { Name = "loss"; Points = [ 1.0, 0.5; 2.0, 0.25 ] } ]) ]

              Expect.stringContains page "<h1>a &lt; b</h1>" ""
              Expect.stringContains page "<td>&lt;liver&gt;</td>" ""
              Expect.stringContains page "src=\"data:image/png;base64,AQID\"" ""
              Expect.stringContains page "<polyline" ""
              Expect.isFalse (page.Contains "<script") "no script"
              Expect.isFalse (page.Replace("http://www.w3.org/2000/svg", "").Contains "http") "no link"
          }

          test "a curve spans its plot, and figures that are not finite are left out" {
              let svg = SvgPlot.lines "t" "epoch" [ { Name = "loss"; Points = [ 1.0, 0.0; 2.0, nan; 3.0, 10.0 ] } ]
              Expect.stringContains svg "points=\"56,226 628,12\"" "from the lower left to the upper right"
              Expect.equal (SvgPlot.lines "t" "epoch" [ { Name = "loss"; Points = [ 1.0, nan ] } ]) "" "nothing to draw"
          }

          test "a curve of one epoch is a dot" {
              let svg = SvgPlot.lines "t" "epoch" [ { Name = "loss"; Points = [ 1.0, 0.3 ] } ]
              Expect.stringContains svg "<circle cx=\"342\" cy=\"119\" r=\"3\"" "in the middle of its plot"
              let two = SvgPlot.lines "t" "epoch" [ { Name = "loss"; Points = [ 1.0, 0.3; 2.0, 0.2 ] } ]
              Expect.isFalse (two.Contains "<circle") "two points make a line"
          }

          test "bars stand on zero, are as high as their percentage, and stay inside" {
              let bar value : SvgPlot.Bar = { Group = "liver"; Name = "promptTune"; Value = value; Deviation = Some 5.0 }
              Expect.stringContains (SvgPlot.percentages "t" [ bar (Some 50.0) ]) "y=\"119\" width=\"411.84\" height=\"107\"" ""
              Expect.stringContains (SvgPlot.percentages "t" [ bar (Some 200.0) ]) "y=\"12\" width=\"411.84\" height=\"214\"" ""
          }

          test "a bar without a value is the word absent, one without a deviation has no whisker, and names break nothing" {
              let bar value : SvgPlot.Bar = { Group = "<li\"ver>"; Name = "a & b"; Value = value; Deviation = None }
              let absent = SvgPlot.percentages "t \"x\"" [ bar None; bar (Some nan) ]
              Expect.hasLength (absent.Split ">absent</text>") 3 absent
              Expect.isFalse (absent.Contains "NaN") absent
              let one = SvgPlot.percentages "t \"x\"" [ bar (Some 50.0) ]
              Expect.isFalse (one.Contains "class=\"whisker\"") "no whisker"
              System.Xml.Linq.XDocument.Parse one |> ignore
          }

          test "of many classes each has a bar and a name of its own under the other" {
              let classes = [ for i in 1..49 -> $"class {i} | <b>" ]

              let bars: SvgPlot.Bar list =
                  [ for name in classes do
                        for variant in [ "tuned"; "full" ] -> { Group = name; Name = variant; Value = Some 50.0; Deviation = Some 5.0 } ]

              let svg = XDocument.Parse(SvgPlot.percentages "t" bars)
              let names = elements "text" svg |> List.filter (fun text -> text.Value.StartsWith "class ")
              let heights = names |> List.map (attribute "y")
              Expect.equal (names |> List.map _.Value) classes "all names, whole"
              Expect.all (List.pairwise heights) (fun (above, below) -> below - above > 14.0) "none touches the next"
              let height = float ((attributeText "viewBox" svg.Root).Split(' ')[3])
              Expect.hasLength (elements "rect" svg) 98 ""
              Expect.all (elements "rect" svg) (fun bar -> attribute "y" bar + attribute "height" bar < height) "inside the drawing"
          }

          test "points stand over the number of parameters in powers of ten, and their mean is large" {
              let point at value : SvgScatter.Point = { Series = "promptTune"; Name = "a & b"; At = at; Value = value }

              let svg =
                  XDocument.Parse(
                      SvgScatter.percentages "t" "parameters" [ "pretrain" ] [ point 1000.0 60.0; point 1000.0 80.0; point 0.0 70.0 ]
                  )

              let circles = elements "circle" svg
              Expect.equal (circles |> List.map (attribute "r")) [ 3.5; 3.5; 7.0 ] "a point without parameters has no place"
              Expect.equal (circles |> List.map (attribute "cx") |> List.distinct |> List.length) 1 ""
              let ys = circles |> List.map (attribute "cy")
              Expect.floatClose Accuracy.medium ys[2] ((ys[0] + ys[1]) / 2.0) "the mean lies between"
              Expect.equal (SvgScatter.percentages "t" "parameters" [ "pretrain" ] [ point 0.0 70.0 ]) "" "nothing to draw"
              let second = SvgScatter.percentages "t" "parameters" [] [ { point 1.0 1.0 with Series = "pretrain" }; point 1000.0 60.0 ]
              Expect.stringContains second "#d9822b" "the colour of the page's second variant"
              let alone = SvgScatter.percentages "t" "parameters" [ "pretrain" ] [ point 1000.0 60.0 ]
              Expect.stringContains alone "#d9822b" "where the first has no point, too"
              Expect.isFalse (alone.Contains "#3d85c6") "and no other"
          }

          test "a stage stands right of all that it reads, and labels break nothing" {
              let box id reads : SvgGraph.Box = { Id = id; Label = $"<{id}> & co"; State = "ran"; Detail = "1 s"; Reads = reads }
              let boxes = [ box "a" []; box "b" [ "a" ]; box "c" [ "a"; "b" ]; box "d" [] ]
              Expect.equal (SvgGraph.levels boxes) (Map.ofList [ "a", 0; "b", 1; "c", 2; "d", 0 ]) ""
              let svg = XDocument.Parse(SvgGraph.draw "t" boxes)
              Expect.hasLength (elements "path" svg) 3 "an edge for each that is read"
              Expect.hasLength (elements "rect" svg |> List.map (fun box -> attribute "x" box, attribute "y" box) |> List.distinct) 4 ""
              Expect.equal (SvgGraph.draw "t" []) "" "nothing to draw"
          }

          test "panels stand under names of columns and rows, an absent one leaves its place empty" {
              use place = new Workplace()
              let path = Path.Combine(place.Root, "a.webp")
              File.WriteAllBytes(path, [| 1uy; 2uy; 3uy |])
              let panel: HtmlReport.Panel = { Path = path; Caption = "s1: Dice 90 %" }
              let page = HtmlReport.render "t" [ HtmlReport.Panels([ "best"; "worst" ], [ "<b> | tuned", [ Some panel; None ] ]) ]
              Expect.stringContains page "<th scope=\"col\">best</th><th scope=\"col\">worst</th>" ""
              Expect.stringContains page "<th scope=\"row\">&lt;b&gt; | tuned</th><td><figure>" ""

              Expect.stringContains
                  page
                  "src=\"data:image/webp;base64,AQID\"><figcaption>s1: Dice 90 %</figcaption></figure></td><td></td></tr>"
                  ""
          }

          test "pictures beyond the size of the page are left out, said, and take no place from smaller ones" {
              use place = new Workplace()

              let picture name length =
                  let path = Path.Combine(place.Root, name)
                  File.WriteAllBytes(path, Array.zeroCreate<byte> length)
                  HtmlReport.Picture(name, path)

              let sections = [ picture "first.png" 300; picture "large.png" 900; picture "last.png" 300 ]
              let page = HtmlReport.renderWithin 1000L "t" sections
              Expect.hasLength (page.Split "data:image/png") 3 "two of three"
              Expect.stringContains page "large.png</p>" ""
              Expect.stringContains page "Left out, so that the page stays small enough for a mail: " ""
              Expect.isFalse ((HtmlReport.renderWithin 10000L "t" sections).Contains "Left out") "all fit here"
          }

          test "pictures make room for a page that would be too large otherwise" {
              use place = new Workplace()
              let path = Path.Combine(place.Root, "p.png")
              File.WriteAllBytes(path, Array.zeroCreate<byte> 3_000_000)
              let page length = HtmlReport.render "t" [ HtmlReport.Paragraph(String.replicate length "x"); HtmlReport.Picture("p", path) ]
              let large = page 17_000_000
              Expect.isLessThan (int64 large.Length) HtmlReport.mostBytes ""
              Expect.stringContains (large.Substring(large.Length - 500)) "p.png" "what was left out is said"
              Expect.isGreaterThan (page 1_000).Length 4_000_000 "here it has its place"
          }

          test "volumes stand in the page once each, with the viewer and its licence; those that do not fit are told" {
              use place = new Workplace()

              let file name (length: int) =
                  let path = Path.Combine(place.Root, name)
                  File.WriteAllBytes(path, Array.create length (byte length))
                  path

              let image, labels = file "image.nii.gz" 30, file "labels.nii.gz" 20

              let viewed title prediction : Viewer.Viewed =
                  { Title = title
                    Image = image
                    Reference = labels
                    Prediction = prediction
                    Classes = [ "</script><b>" ] }

              let subjects = [ viewed "a <b>" labels; viewed "large" (file "large.nii.gz" 900); viewed "c" (file "c.nii.gz" 40) ]
              let html = Viewer.render 300L subjects

              Expect.stringContains
                  html
                  "<option value=\"data1 data2 data2 data3\">a &lt;b&gt;</option>"
                  "reference and prediction are one file"

              Expect.stringContains html "<option value=\"data1 data2 data4 data3\">c</option>" "the image is not there twice"
              Expect.stringContains html "small enough for a mail: large</p>" ""
              Expect.stringContains html "BSD 2-Clause License" ""
              Expect.stringContains html "Copyright (c) 2021, Niivue" ""
              Expect.stringContains html "gl-matrix: Copyright (c)" "and those of what it bundles"
              Expect.isFalse (html.Contains "</script><b>") "a class's name ends no script"
              Expect.isFalse ((Viewer.render 10L subjects).Contains "<script") "no viewer of nothing"
          }

          test "a page suits light and dark, and names its parts where there are several" {
              let page = HtmlReport.render "t" [ HtmlReport.Heading "a & b"; HtmlReport.Heading "c" ]
              Expect.stringContains page "@media(prefers-color-scheme:dark)" ""
              Expect.stringContains page "<a href=\"#s1\">a &amp; b</a>\n<a href=\"#s2\">c</a>" ""
              Expect.stringContains page "<h2 id=\"s2\">c</h2>" ""
          }

          test "figures stand right in their columns, hashes in a narrow face" {
              let hash = String.replicate 8 "0123abcd"
              let rows = [ [ "a"; "b"; "c" ]; [ "007"; "−0.5"; "x" ]; [ "1"; "80.1 ± 3.0"; hash ]; [ ""; "absent"; "8" ] ]
              let page = HtmlReport.render "t" [ HtmlReport.Rows rows ]
              Expect.stringContains page "<th scope=\"col\">a</th><th scope=\"col\" class=\"n\">b</th><th scope=\"col\">c</th>" ""
              Expect.stringContains page "<td>007</td>" "a name that looks like a number"
              Expect.stringContains page "<td class=\"n\">−0.5</td>" ""
              Expect.stringContains page "<td class=\"n\">80.1 &#177; 3.0</td>" ""
              Expect.stringContains page $"<td class=\"long\">{hash}</td>" ""
              Expect.stringContains page "<td>absent</td>" "a word stands left"
              Expect.stringContains page "<td>8</td>" "as does a number among texts"
          } ]
