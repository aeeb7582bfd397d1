module PUNet.Cli.Tests.ReportTests

open System.IO
open Expecto
open PUNet.Cli.Rendering

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
              Expect.isFalse (one.Contains "stroke=\"#222\"") "no whisker"
              System.Xml.Linq.XDocument.Parse one |> ignore
          } ]
