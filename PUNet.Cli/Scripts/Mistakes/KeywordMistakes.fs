/// Keywords in places where the compiler takes them for something else.
module PUNet.Cli.Scripts.Mistakes.KeywordMistakes

open System
open System.Text.RegularExpressions
open PUNet.Dsl

/// "'x' is not used correctly. This is a custom operation."
[<Literal>]
let Misplaced = 3095

/// "A custom operation may not be used in conjunction with if/then/else."
let private conditional = 3086

let private block (finding: Finding) =
    match finding.Block with
    | Some block -> $"{block} {{ }}"
    | None -> "a block"

/// Text between the opening of the line and a column holds nothing but blanks.
let private beginsLine (finding: Finding) = String.IsNullOrWhiteSpace((finding.Script.Line finding.Line).Substring(0, finding.Column - 1))

/// The column at which another setting of the block, on a line of its own, begins: the nearest one above.
let private neighbour (finding: Finding) =
    seq { finding.Line - 1 .. -1 .. 1 }
    |> Seq.map (fun line -> line, finding.Script.Code line)
    |> Seq.takeWhile (fun (_, code) -> not (code.TrimEnd().EndsWith '{'))
    |> Seq.choose (fun (line, code) ->
        let column = code.Length - code.TrimStart().Length + 1
        if Vocabulary.isKeyword (finding.Script.Word(line, column)) then Some(line, column) else None)
    |> Seq.tryHead

let private takesTuple (finding: Finding) =
    Vocabulary.takes finding.Block finding.Word |> List.exists (List.exists Microsoft.FSharp.Reflection.FSharpType.IsTuple)

/// A keyword that begins its setting, with something behind it that is no value.
let private beginning (finding: Finding) =
    let word, behind = finding.Word, finding.Behind
    let value = Regex.Match(behind, @"^[^;}]*").Value.Trim()

    if behind.StartsWith '=' then
        Mistake.here finding $"'{word}' takes its value without =" $"write {word} {value.TrimStart('=').Trim()}"
    elif value.Contains ',' && takesTuple finding then
        Mistake.here finding $"the values of '{word}' belong in parentheses" $"write {word} ({value})"
    elif value.Contains ',' then
        Mistake.here
            finding
            $"'{word}' takes one value, and a comma makes two"
            "a decimal point is a dot, and items of a list are separated by ;"
    elif Regex.IsMatch(behind, @"^-\s") then
        Mistake.here finding $"a minus with a blank behind it subtracts" $"write {word} -{value.TrimStart('-').Trim()}"
    else
        match neighbour finding with
        | Some(line, column) when column <> finding.Column && beginsLine finding ->
            let side = if finding.Column < column then "left" else "right"

            Mistake.here
                finding
                $"'{word}' begins further {side} than the setting above it"
                $"settings of a block begin in one column: here column {column}, as on line {line}"
            |> Mistake.explaining
                (fun other -> other.Number = Misplaced && other.Line > finding.Line && other.Block = finding.Block)
                finding
        | _ -> None

/// A keyword behind another one: a setting without a ; before it, or a value that has a keyword's name.
let private behindAnother (finding: Finding) =
    let word = finding.Word
    let column, text = finding.Statement
    let joined = Regex.Match(text, @"^\w+(-\w+)+").Value.Replace('-', '_')
    let before = text.Substring(0, min text.Length (finding.Column - column)).Trim()

    if Vocabulary.isKeyword joined then
        Mistake.at finding.Line column finding "keywords are written with underscores" $"write {joined}"
    elif before.Contains ' ' && Regex.IsMatch(finding.Behind, @"^[\w""(\[]") then
        let rest = text.Substring(finding.Column - column)
        Mistake.here finding $"two settings on one line are separated by ;" $"write {before}; {rest}"
    else
        Mistake.here finding $"'{word}' is a keyword inside {block finding}" $"give your value another name, for example my_{word}"

/// A mistake that explains the finding, if it is one of these.
let find (finding: Finding) : Mistake option =
    if finding.Number = Misplaced then
        if finding.Column = fst finding.Statement then beginning finding else behindAnother finding
    elif finding.Number = conditional then
        Mistake.here
            finding
            "a block of settings holds keywords only"
            "choose before the block, or write the if inside a keyword's argument"
    else
        None
