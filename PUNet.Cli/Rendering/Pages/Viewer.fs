/// A viewer of volumes within a page: NiiVue, with the volumes of chosen subjects as data. Without JavaScript nothing of it is seen.
module PUNet.Cli.Rendering.Viewer

open System
open System.Collections.Generic
open System.IO
open System.IO.Compression
open System.Net
open System.Reflection
open System.Text
open System.Text.Json

/// Volumes on one grid, as files in NIfTI format.
type Viewed =
    {
        Title: string
        Image: string
        Reference: string
        Prediction: string
        /// Names of the classes by their labels less one.
        Classes: string list
    }

/// Version of NiiVue in the assets.
let private version = "0.69.0"

let private escape (text: string) = WebUtility.HtmlEncode text

let private asset (name: string) : string =
    match Assembly.GetExecutingAssembly().GetManifestResourceStream name with
    | null -> invalidOp $"The program lacks its part {name}."
    | stream ->
        use stream = stream

        use plain: Stream =
            if name.EndsWith(".gz", StringComparison.Ordinal) then
                new GZipStream(stream, CompressionMode.Decompress)
            else
                stream

        use reader = new StreamReader(plain, Encoding.UTF8)
        reader.ReadToEnd()

/// Collects the data of a page, each content once, up to a number of bytes.
[<Sealed>]
type private Data(most: int64) =
    let known = Dictionary<string, string>()
    let blocks = StringBuilder()
    let mutable left = most

    /// Identities of some texts in the page; none where these are too many for it.
    member _.TryAdd(texts: string list) : string list option =
        let fresh = texts |> List.filter (fun text -> not (known.ContainsKey text)) |> List.distinct
        let needed = fresh |> List.sumBy (fun text -> int64 text.Length)

        if needed > left then
            None
        else
            left <- left - needed

            for text in fresh do
                known[text] <- $"data{known.Count + 1}"
                blocks.Append($"<script type=\"text/plain\" id=\"{known[text]}\">{text}</script>\n") |> ignore

            Some(texts |> List.map (fun text -> known[text]))

    member _.Blocks = blocks.ToString()

let private encoded (path: string) = Convert.ToBase64String(File.ReadAllBytes path)

let private controls (options: string) =
    "<div id=\"viewer\" hidden><p><button type=\"button\" id=\"viewer-open\">Open the viewer</button></p>"
    + $"<div id=\"viewer-stage\" hidden><p><label>Subject <select id=\"viewer-pick\">{options}</select></label>"
    + " <label><input type=\"checkbox\" id=\"viewer-reference\"> reference</label>"
    + " <label><input type=\"checkbox\" id=\"viewer-prediction\" checked> prediction</label> <span id=\"viewer-said\"></span></p>"
    + "<div class=\"canvas\"><canvas id=\"viewer-canvas\"></canvas></div><p id=\"viewer-key\"></p></div></div>\n"
    + "<noscript><p>The viewer needs JavaScript; all else on this page does not.</p></noscript>\n"

let private licence () =
    let text = escape (asset "niivue-licence.txt")
    $"<details><summary>Shown by NiiVue {version}, BSD 2-Clause License</summary><pre>{text}</pre></details>\n"

/// The viewer with the first of some subjects whose volumes take no more than so many bytes; the titles of the others are told.
let render (most: int64) (subjects: Viewed list) : string =
    let data = Data most

    let placed =
        [ for subject in subjects do
              let texts =
                  [ encoded subject.Image
                    encoded subject.Reference
                    encoded subject.Prediction
                    JsonSerializer.Serialize(ResizeArray subject.Classes) ]

              subject.Title, data.TryAdd texts ]

    let options =
        [ for title, found in placed do
              match found with
              | Some ids -> $"""<option value="{String.Join(' ', ids)}">{escape title}</option>"""
              | None -> () ]

    let leftOut = placed |> List.filter (snd >> Option.isNone) |> List.map fst

    let told =
        if leftOut.IsEmpty then
            ""
        else
            let names = escape (String.Join("; ", leftOut))
            $"<p class=\"warning\">Left out of the viewer, so that the page stays small enough for a mail: {names}</p>\n"

    if options.IsEmpty then
        told
    else
        let niivue, own = asset "niivue.umd.js.gz", asset "viewer.js"
        let scripts = $"{data.Blocks}<script>{niivue}</script>\n<script>{own}</script>\n"
        controls (String.Join("", options)) + told + licence () + scripts
