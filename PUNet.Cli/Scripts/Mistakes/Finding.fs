namespace PUNet.Cli.Scripts.Mistakes

open System
open System.Text.RegularExpressions
open FSharp.Compiler.Diagnostics

/// What the compiler found, with the script that it is about. Lines and columns are from 1.
type Finding =
    {
        Number: int
        /// The compiler's words in one line.
        Message: string
        IsError: bool
        File: string
        Line: int
        Column: int
        EndLine: int
        EndColumn: int
        Script: ScriptText
    }

    /// The word that it begins with.
    member finding.Word = finding.Script.Word(finding.Line, finding.Column)

    /// The setting that it belongs to: the column of its first word, and its text.
    member finding.Statement = finding.Script.Statement(finding.Line, finding.Column)

    /// The first word of that setting.
    member finding.Keyword = finding.Script.Word(finding.Line, fst finding.Statement)

    /// What follows its first word on the line, without comments and the insides of quotes.
    member finding.Behind =
        let code = finding.Script.Code finding.Line
        code.Substring(min code.Length (finding.Column - 1 + finding.Word.Length)).Trim()

    /// The line from its place on.
    member finding.Text =
        let line = finding.Script.Line finding.Line
        line.Substring(min line.Length (max 0 (finding.Column - 1)))

    /// The block whose braces are open there: its word, for example pretrain.
    member finding.Block =
        finding.Script.OpenBraces(finding.Line, finding.Column)
        |> List.tryLast
        |> Option.bind (fun (line, column) ->
            let before = (finding.Script.Code line).Substring(0, column - 1)
            let before = if String.IsNullOrWhiteSpace before then finding.Script.Code(line - 1) else before

            Regex.Matches(before, @"\w+")
            |> Seq.map _.Value
            |> Seq.filter (fun word -> List.contains word Vocabulary.blocks.Value)
            |> Seq.tryLast)

    /// Whether a place lies in what it is about.
    member finding.Holds(line, column) =
        (finding.Line, finding.Column) <= (line, column) && (line, column) <= (finding.EndLine, finding.EndColumn)

module Finding =
    /// One line: what the compiler lists below each other after a colon stands behind each other.
    let private oneLine (message: string) =
        let join (text: string, listing) (line: string) =
            let separator = if listing && not (text.EndsWith ':') then ", " else " "
            text + separator + line, listing || line.EndsWith ':'

        let lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

        Regex.Replace((fst (Array.fold join ("", false) lines)).Trim(), @"\s+", " ")

    /// All that the compiler found, in the order of each file.
    let all (diagnostics: FSharpDiagnostic seq) =
        let scripts = System.Collections.Generic.Dictionary<string, ScriptText>()

        let script file =
            match scripts.TryGetValue file with
            | true, known -> known
            | _ ->
                scripts[file] <- ScriptText.Of file
                scripts[file]

        [ for diagnostic in diagnostics ->
              { Number = diagnostic.ErrorNumber
                Message = oneLine diagnostic.Message
                IsError = (diagnostic.Severity = FSharpDiagnosticSeverity.Error)
                File = diagnostic.FileName
                Line = diagnostic.StartLine
                Column = diagnostic.StartColumn + 1
                EndLine = diagnostic.EndLine
                EndColumn = diagnostic.EndColumn + 1
                Script = script diagnostic.FileName } ]
        |> List.sortBy (fun finding -> finding.File, finding.Line, finding.Column)

/// A finding in the words of the script's author.
type Mistake =
    {
        What: string
        Remedy: string
        /// Where it is to be seen, where that is not the finding's own place.
        Place: (int * int) option
        /// Findings that only follow from it.
        Explains: Finding -> bool
    }

module Mistake =
    /// At the finding's own place; everything else found in the same setting follows from it.
    let here (finding: Finding) what remedy =
        let column, text = finding.Statement

        let sameSetting (other: Finding) =
            other.File = finding.File
            && (other.Holds(finding.Line, finding.Column)
                || other.Line = finding.Line && column <= other.Column && other.Column <= column + text.Length)

        Some { What = what; Remedy = remedy; Place = None; Explains = sameSetting }

    /// The same at another place.
    let at line column (finding: Finding) what remedy =
        here finding what remedy |> Option.map (fun mistake -> { mistake with Place = Some(line, column) })

    /// A mistake from which other findings of its file follow too.
    let explaining (follows: Finding -> bool) (finding: Finding) (mistake: Mistake option) =
        mistake
        |> Option.map (fun mistake ->
            { mistake with
                Explains = fun other -> mistake.Explains other || other.File = finding.File && follows other })
