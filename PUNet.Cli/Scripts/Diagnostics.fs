/// The compiler's findings in the words and the form of every other fault of a script.
module PUNet.Cli.Scripts.Diagnostics

open System
open System.IO
open System.Text.RegularExpressions
open FSharp.Compiler.Diagnostics
open PUNet.Dsl

/// One line: what the compiler lists below each other after a colon stands behind each other.
let private oneLine (message: string) =
    let join (text: string, listing) (line: string) =
        let separator = if listing && not (text.EndsWith ':') then ", " else " "
        text + separator + line, listing || line.EndsWith ':'

    let lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

    Regex.Replace((fst (Array.fold join ("", false) lines)).Trim(), @"\s+", " ")

/// The word that a finding is about, as it stands in the file.
let private word (diagnostic: FSharpDiagnostic) =
    try
        File.ReadLines diagnostic.FileName
        |> Seq.tryItem (diagnostic.StartLine - 1)
        |> Option.map (fun line -> Regex.Match(line.Substring(min line.Length diagnostic.StartColumn), @"^\w*").Value)
        |> Option.defaultValue ""
    with
    | :? IOException
    | :? UnauthorizedAccessException -> ""

let private problem (diagnostic: FSharpDiagnostic) =
    let position = { File = diagnostic.FileName; Line = diagnostic.StartLine; Column = diagnostic.StartColumn + 1 }

    let message = BlockDiagnostics.message (word diagnostic) diagnostic
    Problem.at position (oneLine message) "" "" ""

/// The errors, in the order of the files; warnings do not keep a script from running and are left to editors.
let problems (diagnostics: FSharpDiagnostic seq) =
    diagnostics
    |> Seq.filter (fun diagnostic -> diagnostic.Severity = FSharpDiagnosticSeverity.Error)
    |> List.ofSeq
    |> BlockDiagnostics.withoutConsequences
    |> List.map problem
    |> Problem.inOrder
