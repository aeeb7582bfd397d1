/// Runs a script that asks for packages (`#r "nuget: …"`) or libraries: in an F# Interactive session inside this process.
module PUNet.Cli.Scripts.Session

open System
open System.IO
open FSharp.Compiler.Interactive.Shell
open PUNet.Dsl

let private flags =
    [ "punet"
      "--noninteractive"
      "--nologo"
      "--gui-"
      $"--define:{CompilerFlags.Symbol}"
      "--targetprofile:netcore"
      "--optimize+"
      "--tailcalls-"
      "--debug+" ]

/// The compiler's package has satellite libraries that the SDK warns of, once per language and script.
let quietPackages () = Environment.SetEnvironmentVariable("MSBuildWarningsAsMessages", "NETSDK1188")

/// Evaluates the script, or gives every fault found. What it prints goes where the process prints.
let run (script: string) : Result<unit, Problem list> =
    let arguments = Array.ofList (flags @ CompilerFlags.references)
    quietPackages ()
    let configuration = FsiEvaluationSession.GetDefaultConfiguration()
    // The compiler's own account of its findings: they are told in our form.
    use silent = new StringWriter()

    use session = FsiEvaluationSession.Create(configuration, arguments, TextReader.Null, silent, silent, collectible = false)

    let result, diagnostics = session.EvalScriptNonThrowing script

    match result, Diagnostics.problems diagnostics with
    | Choice1Of2(), _ -> Ok()
    | Choice2Of2 _, (_ :: _ as problems) -> Error problems
    | Choice2Of2 error, [] -> Error [ RuntimeFault.problem script error ]
