/// What the compiler says of a block of settings, put in the words of the language: for the compiler a keyword is a method
/// of a builder, and one mistyped keyword makes the whole block something else.
module PUNet.Cli.Scripts.BlockDiagnostics

open System.Text.RegularExpressions
open FSharp.Compiler.Diagnostics

let private undefined = 39
let private typeMismatch = 1
let private wrongArgumentCount = 501
let private noOverload = 41

/// Number of the message with which builders refuse loops, conditions and what else is not a keyword.
let private refused = 10001

/// A line of the block was taken for something other than a keyword, because of another fault in the block.
let private isMisread (diagnostic: FSharpDiagnostic) =
    diagnostic.ErrorNumber = typeMismatch
    && diagnostic.Message.Contains "'Setting<"
    && diagnostic.Message.Contains "'unit'"

let private isConsequence (all: FSharpDiagnostic list) (diagnostic: FSharpDiagnostic) =
    let causes (other: FSharpDiagnostic) =
        other.FileName = diagnostic.FileName
        && (isMisread other && other.Range = diagnostic.Range
            || other.ErrorNumber = undefined && other.Start = diagnostic.Start)

    isMisread diagnostic
    || diagnostic.ErrorNumber = refused && List.exists causes all

/// Leaves out what only follows from another fault, unless nothing else is left.
let withoutConsequences (all: FSharpDiagnostic list) =
    match all |> List.filter (isConsequence all >> not) with
    | [] -> all
    | causes -> causes

/// What stands between the settings so far and the line number in a builder's method: the keyword's own arguments.
let private signatures (message: string) =
    [
        for found in Regex.Matches(message, @"settings: Setting<\w+> list(?: \* (.*?))? \* \[<") ->
            if found.Groups[1].Success then found.Groups[1].Value else "nothing"
    ]
    |> List.distinct

let private given (message: string) =
    let found =
        Regex.Match(message, @"Known types of arguments: Setting<\w+> list \* (.*?)\s*Available overloads")

    if found.Success then $"; given: {found.Groups[1].Value.Trim()}" else ""

/// The message, about a keyword if that is what it is about. `keyword` is the word at its place in the script.
let message (keyword: string) (diagnostic: FSharpDiagnostic) =
    let isAboutArguments =
        diagnostic.ErrorNumber = wrongArgumentCount
        || diagnostic.ErrorNumber = noOverload

    match signatures (diagnostic.Message.Replace('\n', ' ')) with
    | _ :: _ as signatures when isAboutArguments ->
        let wanted = String.concat ", or " signatures
        $"the keyword {keyword} takes {wanted}{given (diagnostic.Message.Replace('\n', ' '))}"
    | _ -> diagnostic.Message
