/// The compiler's findings in the words and the form of every other fault of a script.
module PUNet.Cli.Scripts.Diagnostics

open FSharp.Compiler.Diagnostics
open PUNet.Cli.Scripts.Mistakes
open PUNet.Dsl

/// Number of the message with which builders refuse loops, conditions and what else is not a keyword: it is in our words.
let private refused = 10001

let private asFound (finding: Finding) =
    { Mistake.What = finding.Message
      Remedy = ""
      Place = None
      Explains = fun other -> finding.Number <> refused && other.Number = refused && other.Holds(finding.Line, finding.Column) }

let private problem (finding: Finding) (mistake: Mistake) =
    let line, column = mistake.Place |> Option.defaultValue (finding.Line, finding.Column)
    let problem = Problem.at { File = finding.File; Line = line; Column = column } mistake.What "" "" mistake.Remedy
    { problem with Details = $"the compiler: {finding.Message} ({finding.Line},{finding.Column})" }

/// Findings that explain others come first, whatever their place.
let private rank (finding: Finding) =
    match finding.Number with
    | KeywordMistakes.Misplaced -> 0
    | ValueMistakes.Mismatch
    | ValueMistakes.NoOverload when finding.Keyword = "let" -> 0
    | NameMistakes.Undefined -> 1
    | _ -> 2

/// One problem for each mistake: what only follows from another one is left out.
let rec private explain all (left: Finding list) =
    match left |> List.sortBy rank with
    | [] -> []
    | finding :: rest ->
        let mistake =
            KeywordMistakes.find finding
            |> Option.orElseWith (fun () -> NameMistakes.find finding)
            |> Option.orElseWith (fun () -> ValueMistakes.find all finding)
            |> Option.defaultValue (asFound finding)

        problem finding mistake :: explain all (rest |> List.filter (mistake.Explains >> not))

/// The errors, in the order of the files; warnings do not keep a script from running and are left to editors.
let problems (diagnostics: FSharpDiagnostic seq) =
    let all = Finding.all diagnostics
    let errors = all |> List.filter _.IsError

    match SyntaxMistakes.find errors with
    | Some(finding, mistake) -> problem finding mistake :: explain all (errors |> List.filter (mistake.Explains >> not))
    | None -> explain all errors
    |> Problem.inOrder
