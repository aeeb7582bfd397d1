module PUNet.Cli.Tests.ScriptCacheTests

open System
open System.IO
open Expecto
open PUNet.Cli.Scripts
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Dsl.Engine

/// A script that says who it is as soon as it is evaluated.
let private script (place: Workplace) (name: string) =
    place.Write(
        name,
        "#load \"punet.fsx\"",
        "open PUNet.Dsl",
        $"eprintfn \"this is {name}\"",
        "let scans = dataset \"phantoms\" { source (phantoms { subjects 6 }) }",
        "experiment \"one\" { evaluate (pretrain scans { supervise [ \"liver\" ] }) }"
    )

let private graph (place: Workplace) environment path = punetWith environment place.Root [ "graph"; path ]

let private expectOwn (ended: Ended) (name: string) =
    Expect.equal ended.Code 0 ended.Error
    Expect.stringContains ended.Error $"this is {name}" "the script itself ran"

/// Folder of the compiled script below a cache.
let private entry cache path = Path.Combine(cache, "punet", "scripts", ScriptCache.entryName path)

let private only pattern cache path = Directory.GetFiles(entry cache path, pattern, SearchOption.AllDirectories) |> Seq.exactlyOne

let private library = only "*.dll"

/// Puts the compiled form of one script where that of another lies, with all that belongs to it.
let private plant cache source from path into =
    graph source [ $"XDG_CACHE_HOME={cache}" ] from |> ignore
    graph source [ $"XDG_CACHE_HOME={into}" ] path |> ignore
    File.Copy(library cache from, library into path, true)
    let list = only "inputs.txt" into path
    let lines = (CheckedText.tryRead list |> Option.defaultValue "").Split '\n'
    let target = library into path

    CheckedText.write
        list
        (String.Join('\n', Array.append lines[.. lines.Length - 2] [| $"{ContentHash.ofFile target}\t{Path.GetFileName target}" |]))

let private withScripts work =
    if OperatingSystem.IsWindows() then
        skiptest "rights are of another kind"

    use place = new Workplace()
    work place (script place "mine.fsx") (script place "planted.fsx")

[<Tests>]
let tests =
    testSequenced
    <| testList
        "script cache"
        [ test "a compiled script is loaded from the user's own folder, and otherwise a planted one would run" {
              withScripts (fun place mine planted ->
                  let own, cache = Path.Combine(place.Root, "own"), Path.Combine(place.Root, "cache")
                  plant own place planted mine cache
                  // as the user's own cache would be
                  execute place.Root "chmod" [ "-R"; "go-rwx"; cache ] |> ignore

                  Expect.stringContains
                      (graph place [ $"XDG_CACHE_HOME={cache}" ] mine).Error
                      "this is planted.fsx"
                      "what is trusted is loaded")
          }

          test "nothing is loaded from a folder or a file that others can write" {
              withScripts (fun place mine planted ->
                  let own = Path.Combine(place.Root, "own")

                  for level in [ ""; "punet"; "entry"; "library" ] do
                      let cache = Path.Combine(place.Root, $"cache-{Path.GetFileName level}")
                      plant own place planted mine cache
                      execute place.Root "chmod" [ "-R"; "go-rwx"; cache ] |> ignore

                      let opened =
                          match level with
                          | "entry" -> entry cache mine
                          | "library" -> library cache mine
                          | level -> Path.Combine(cache, level)

                      execute place.Root "chmod" [ "a+rwx"; opened ] |> ignore
                      let ended = graph place [ $"XDG_CACHE_HOME={cache}" ] mine
                      expectOwn ended "mine.fsx"
                      Expect.isFalse (ended.Error.Contains "planted") level
                      Expect.stringContains ended.Error "compile" $"that it is slower is said: {level}")
          }

          test "nothing is loaded that another user owns" {
              withScripts (fun place mine planted ->
                  if Environment.UserName <> "root" then
                      skiptest "only an administrator can give a file away"

                  let own = Path.Combine(place.Root, "own")

                  let cache = Path.Combine(place.Root, "cache")
                  plant own place planted mine cache
                  execute place.Root "chmod" [ "-R"; "go-rwx"; cache ] |> ignore
                  execute place.Root "chown" [ "-R"; "65534"; entry cache mine ] |> ignore
                  expectOwn (graph place [ $"XDG_CACHE_HOME={cache}" ] mine) "mine.fsx")
          }

          test "without a home the shared temporary folder is not used, and what is made there is left by nobody" {
              withScripts (fun place mine planted ->
                  let shared = Directory.CreateDirectory(Path.Combine(place.Root, "tmp")).FullName
                  plant (Path.Combine(place.Root, "own")) place planted mine shared
                  let before = Directory.GetFileSystemEntries shared
                  let ended = graph place [ "-u"; "HOME"; "-u"; "XDG_CACHE_HOME"; $"TMPDIR={shared}" ] mine
                  expectOwn ended "mine.fsx"

                  Expect.stringContains
                      ended.Error
                      "each start compiles the script, as compiled scripts cannot be kept: neither XDG_CACHE_HOME nor HOME names a folder"
                      ""

                  Expect.equal (Directory.GetFileSystemEntries shared) before "")
          }

          test "a compiled script that was cut off, altered or emptied is compiled again, and that is said once" {
              withScripts (fun place mine _ ->
                  let cache = Path.Combine(place.Root, "cache")
                  let again () = graph place [ $"XDG_CACHE_HOME={cache}" ] mine
                  expectOwn (again ()) "mine.fsx"
                  let whole = File.ReadAllBytes(library cache mine)
                  let altered = Array.copy whole
                  altered[whole.Length / 2] <- altered[whole.Length / 2] ^^^ 1uy

                  for bytes in [ [||]; Array.truncate 100 whole; Array.truncate (whole.Length - 1) whole; altered ] do
                      File.WriteAllBytes(library cache mine, bytes)
                      let ended = again ()
                      expectOwn ended "mine.fsx"
                      Expect.stringContains ended.Error "the compiled form of mine.fsx is not what was written; it is compiled again" ""
                      let ended = again ()
                      expectOwn ended "mine.fsx"
                      Expect.isFalse (ended.Error.Contains "compile") "and kept")
          } ]
