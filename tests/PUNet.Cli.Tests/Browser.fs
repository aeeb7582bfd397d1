/// A headless Chromium, where one is installed.
module PUNet.Cli.Tests.Browser

open System
open System.IO
open System.Diagnostics
open Expecto

/// What a page did when it was opened.
type Opened =
    {
        /// The document after its scripts have run.
        Document: string
        /// Lines of the console: errors, and what scripts say.
        Console: string list
        /// Addresses that the page itself asked for; the browser's own are not among them.
        Requests: string list
    }

let private names = [ "chromium"; "chromium-browser"; "google-chrome" ]

let private found () =
    let folders = Environment.GetEnvironmentVariable "PATH" |> Option.ofObj |> Option.defaultValue ""

    [ for folder in folders.Split Path.PathSeparator do
          for name in names -> Path.Combine(folder, name) ]
    |> List.tryFind File.Exists

let private longest = TimeSpan.FromMinutes 2.0

let private start (browser: string) (words: string list) =
    let info = ProcessStartInfo(browser, words, RedirectStandardOutput = true, RedirectStandardError = true)

    match Process.Start info with
    | null -> failwith $"{browser} did not start"
    | started -> started

/// Opens a page with further words for the browser. Skips the test where there is no browser.
let openWith (words: string list) (folder: string) (page: string) : Opened =
    match found () with
    | None ->
        let wanted = String.concat ", " names
        skiptest $"No browser is installed: none of {wanted} is on the PATH."
    | Some browser ->
        let path, log = Path.Combine(folder, "page.html"), Path.Combine(folder, "net.json")
        File.WriteAllText(path, page)

        let fixed' =
            [ "--headless"
              "--no-sandbox"
              "--disable-background-networking"
              "--disable-component-update"
              "--no-first-run"
              "--enable-logging=stderr"
              $"--user-data-dir={Path.Combine(folder, Guid.NewGuid().ToString())}"
              $"--log-net-log={log}"
              "--dump-dom" ]

        use started = start browser (fixed' @ words @ [ Uri(path).AbsoluteUri ])
        let document, told = started.StandardOutput.ReadToEndAsync(), started.StandardError.ReadToEndAsync()

        if not (started.WaitForExit longest) then
            started.Kill true
            failtest $"{browser} did not end"

        { Document = document.Result
          Console = told.Result.Split '\n' |> Array.filter _.Contains(":CONSOLE") |> List.ofArray
          Requests =
            [ for line in File.ReadLines log do
                  // what the browser asks for itself has no page for an origin
                  if line.Contains "\"initiator\":\"null\"" && line.Contains "\"url\":\"http" then
                      line ] }

/// Opens a page. Skips the test where there is no browser.
let openPage folder page = openWith [ "--disable-gpu" ] folder page
