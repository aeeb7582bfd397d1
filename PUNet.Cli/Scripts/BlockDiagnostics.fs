/// What the compiler says of a block of settings, put in the words of the language: for the compiler a keyword is a method
/// of a builder.
module PUNet.Cli.Scripts.BlockDiagnostics

open System.Text.RegularExpressions
open FSharp.Compiler.Diagnostics

let private undefined = 39
let private wrongArgumentCount = 501
let private noOverload = 41

/// Number of the message with which builders refuse loops, conditions and what else is not a keyword.
let private refused = 10001

/// A mistyped keyword is refused by the builder too, because it is no keyword.
let private isConsequence (all: FSharpDiagnostic list) (diagnostic: FSharpDiagnostic) =
    let isCause (other: FSharpDiagnostic) =
        other.ErrorNumber = undefined && other.FileName = diagnostic.FileName && other.Start = diagnostic.Start

    diagnostic.ErrorNumber = refused && List.exists isCause all

/// Leaves out what only follows from another fault.
let withoutConsequences (all: FSharpDiagnostic list) = all |> List.filter (isConsequence all >> not)

/// What stands between the settings so far and the line number in a builder's method: the keyword's own arguments.
let private signatures (message: string) =
    [ for found in Regex.Matches(message, @"settings: Setting<[\w<>]+> list(?: \* (.*?))? \* \[<") ->
          if found.Groups[1].Success then found.Groups[1].Value else "nothing" ]
    |> List.distinct

let private given (message: string) =
    let found = Regex.Match(message, @"Known types of arguments: Setting<[\w<>]+> list \* (.*?)\s*Available overloads")

    if found.Success then $"; given: {found.Groups[1].Value.Trim()}" else ""

/// The message, about a keyword if that is what it is about. `keyword` is the word at its place in the script.
let message (keyword: string) (diagnostic: FSharpDiagnostic) =
    let isAboutArguments = diagnostic.ErrorNumber = wrongArgumentCount || diagnostic.ErrorNumber = noOverload

    match signatures (diagnostic.Message.Replace('\n', ' ')) with
    | _ :: _ as signatures when isAboutArguments ->
        let wanted = String.concat ", or " signatures
        $"the keyword {keyword} takes {wanted}{given (diagnostic.Message.Replace('\n', ' '))}"
    | _ -> diagnostic.Message
