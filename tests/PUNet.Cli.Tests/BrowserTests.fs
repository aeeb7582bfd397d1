/// Pages as a browser opens them.
module PUNet.Cli.Tests.BrowserTests

open System.IO
open Expecto
open PUNet.Cli.Rendering
open PUNet.Core.Common
open PUNet.Core.Imaging
open PUNet.Core.Imaging.Nifti
open PUNet.Core.Imaging.Nifti.Header

let private sections (picture: string) =
    let bar: SvgPlot.Bar = { Group = "<b> | left"; Name = "tuned"; Value = Some 80.0; Deviation = Some 2.0 }
    let box: SvgGraph.Box = { Id = "a"; Label = "pretrain"; State = "ran"; Detail = "1 s"; Reads = [] }

    [ HtmlReport.Warning "some stages have no result"
      HtmlReport.Heading "Results"
      HtmlReport.Rows [ [ "class"; "Dice" ]; [ "<b> | left"; "80" ] ]
      HtmlReport.Drawing("bars", SvgPlot.percentages "bars" [ bar ])
      HtmlReport.LargeDrawing("graph", SvgGraph.draw "graph" [ box ])
      HtmlReport.Heading "Panels"
      HtmlReport.Folded("liver", true, [ HtmlReport.Panels([ "best" ], [ "tuned", [ Some { Path = picture; Caption = "s1" } ] ]) ]) ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "browser"
        [ test "a page opens without a request and without a complaint" {
              use place = new Workplace()
              let picture = Path.Combine(place.Root, "p.png")
              File.WriteAllBytes(picture, [| 1uy; 2uy; 3uy |])
              let opened = Browser.openPage place.Root (HtmlReport.render "a < b" (sections picture))
              Expect.stringContains opened.Document "<h1>a &lt; b</h1>" ""
              Expect.stringContains opened.Document "<td>&lt;b&gt; | left</td>" ""
              Expect.isEmpty opened.Requests "requests"
              Expect.isEmpty opened.Console "console"
          }

          test "the viewer shows the volumes of the page, without a request and without a complaint" {
              use place = new Workplace()
              let extent, geometry = Extent(8, 8, 8), Geometry.FromSpacing(Spacing(1.0, 1.0, 1.0))
              let path name = Path.Combine(place.Root, name)
              let values = Array.init 512 (fun i -> float32 (i % 256))
              NiftiWriter.Write(path "image.nii.gz", Volume(values, extent, geometry), NiftiType.UInt8)
              NiftiWriter.Write(path "labels.nii.gz", LabelMap(Array.init 512 (fun i -> uint16 (i % 3)), extent, geometry))

              let viewed: Viewer.Viewed =
                  { Title = "s1"
                    Image = path "image.nii.gz"
                    Reference = path "labels.nii.gz"
                    Prediction = path "labels.nii.gz"
                    Classes = [ "liver"; "<b> | left" ] }

              let click = "<script>document.getElementById('viewer-open').click()</script>"
              let page = HtmlReport.render "t" [ HtmlReport.Volumes [ viewed ] ] + click
              let software = [ "--enable-unsafe-swiftshader"; "--use-gl=angle"; "--use-angle=swiftshader"; "--virtual-time-budget=20000" ]
              let opened = Browser.openWith software place.Root page
              Expect.stringContains opened.Document "data-shown=\"data1 data2 data2 data3\"" "all three were read and drawn"
              Expect.stringContains opened.Document "</i>&lt;b&gt; | left</span>" "the colours are named"
              Expect.isEmpty opened.Requests "requests"
              Expect.isEmpty opened.Console "console"
          }

          test "a page that asks for something or complains is seen to" {
              use place = new Workplace()
              let page = "<h1>x</h1><img src=\"http://localhost:9/a.png\"><script>console.error('no')</script>"
              let opened = Browser.openPage place.Root page
              Expect.isNonEmpty opened.Requests "requests"
              Expect.isNonEmpty opened.Console "console"
          } ]
