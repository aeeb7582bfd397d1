/// Text that is no F#: what opens and does not close, what other languages write.
module PUNet.Cli.Scripts.Mistakes.SyntaxMistakes

open System.Text.RegularExpressions
open PUNet.Dsl

let private unexpected = 10
let private offside = 58
let private unmatched = [ 583; 597; 598; 604; 605 ]
let private unfinishedText = [ 514; 515; 516; 3118; 528 ]
let private characterLiteral = [ 626; 1156; 1161 ]
let private unexpectedToken = 3156
let private incompleteMember = 599

/// A quote of a word processor, outside of what stands in quotes.
let private curlyQuote (finding: Finding) =
    seq { 1 .. finding.Script.Lines }
    |> Seq.tryPick (fun line ->
        let found = Regex.Match(finding.Script.Code line, "[“”„‘’]")
        if found.Success then Some(line, found) else None)
    |> Option.bind (fun (line, found) -> Mistake.at line (found.Index + 1) finding $"{found.Value} is no quote of F#" "write \"")

/// A line on which a quote opens and does not close.
let private openQuote (finding: Finding) =
    seq { 1 .. finding.Script.Lines }
    |> Seq.tryFind (fun line ->
        let text = finding.Script.Line line
        not (text.Contains "\"\"\"") && Regex.Count(Regex.Replace(text, @"\\.", ""), "\"") % 2 = 1)
    |> Option.bind (fun line ->
        let text = finding.Script.Line line
        Mistake.at line (text.LastIndexOf '"' + 1) finding "a text begins here and does not end on its line" "close it with \"")

let private closerOf opener =
    match opener with
    | "{" -> "}"
    | "[" -> "]"
    | "[|" -> "|]"
    | _ -> ")"

/// An opener that the compiler names as unmatched.
let private unclosed (finding: Finding) =
    let opener = Regex.Match(finding.Message, @"'(\S+)'").Groups[1].Value
    Mistake.here finding $"'{opener}' is opened here and not closed" $"add {closerOf opener} at its end"

let private loop (finding: Finding) =
    let line = finding.Script.Code finding.Line
    let withoutIn = Regex.Match(line, @"\bfor\s+(\w+)\s+(?!in\b|=|to\b)(\w[\w.]*)")

    if withoutIn.Success then
        let item, items = withoutIn.Groups[1].Value, withoutIn.Groups[2].Value
        Mistake.at finding.Line (withoutIn.Index + 1) finding "a loop names what it goes through behind in" $"write for {item} in {items}"
    elif finding.Message.Contains "Expected '->'" then
        Mistake.here
            finding
            "a loop in a list has -> before what it makes"
            "for example [ for organ in organs.Novel -> promptTune backbone { … } ]"
    else
        None

/// A member that has the name of a word of F#: organs.base.
let private ownWord (finding: Finding) =
    let owner = Regex.Match((finding.Script.Code finding.Line).Substring(0, finding.Column), @"(\w+)\.$").Groups[1].Value
    let word = finding.Script.Word(finding.Line, finding.Column + 1)

    NearestName.find word [ "Base"; "Novel" ]
    |> Option.bind (fun nearest -> Mistake.here finding $"'{owner}.{word}' is not defined" $"write {owner}.{nearest}")

/// A value that has the name of a word of F#, wherever that breaks the script.
let private reservedName (finding: Finding) =
    seq { 1 .. finding.Script.Lines }
    |> Seq.tryPick (fun line ->
        let found =
            Regex.Match(
                finding.Script.Code line,
                @"^\s*let\s+(base|fixed|global|default|namespace|module|type|rec|fun|function|done|to|of)\s*="
            )

        if found.Success then Some(line, found.Groups[1]) else None)
    |> Option.bind (fun (line, word) ->
        Mistake.at
            line
            (word.Index + 1)
            finding
            $"'{word.Value}' is a word of F#"
            $"give your value another name, for example my_{word.Value}")

/// A sign of another language behind or before a keyword.
let private sign (finding: Finding) =
    let sign = Regex.Match(finding.Text, @"^\S").Value

    if sign = ":" && Vocabulary.isKeyword finding.Keyword then
        let _, text = finding.Statement
        Mistake.here finding $"'{finding.Keyword}' takes its value without :" $"write {text.Replace(':', ' ')}"
    elif sign = "#" then
        Mistake.here finding "a comment begins with //" ""
    else
        None

let private further (finding: Finding) =
    let place = Regex.Match(finding.Message, @"position \((\d+):(\d+)\)")

    Mistake.here
        finding
        "the line begins too far left"
        $"it belongs to what begins on line {place.Groups[1].Value}: begin it further right than column {place.Groups[2].Value}"

/// The mistake behind what the compiler could not read, with its finding: of several findings mostly one is the cause.
let find (found: Finding list) : (Finding * Mistake) option =
    let ofNumbers numbers = found |> List.filter (fun finding -> List.contains finding.Number numbers)

    let first numbers (rule: Finding -> Mistake option) =
        ofNumbers numbers |> List.tryPick (fun finding -> rule finding |> Option.map (fun mistake -> finding, mistake))

    let unread = unexpected :: offside :: unexpectedToken :: unmatched @ unfinishedText

    [ fun () -> first (unread @ characterLiteral) curlyQuote
      fun () ->
          first characterLiteral (fun finding ->
              let text = Regex.Match(finding.Text, "^'([^']*)'").Groups[1].Value

              if text = "" then
                  None
              else
                  Mistake.here finding "a text stands in double quotes" $"write \"{text}\"")
      fun () -> first unfinishedText openQuote
      fun () -> first unread reservedName
      fun () -> first [ incompleteMember ] ownWord
      fun () -> first [ unexpected ] loop
      fun () -> first [ unexpected ] sign
      fun () ->
          first [ unexpectedToken ] (fun finding ->
              if finding.Message.Contains "'%'" then
                  Mistake.here finding "there are no percent signs" "a share is a number from 0 to 1, for example 0.7"
              else
                  None)
      fun () -> first unmatched unclosed
      fun () -> first [ offside ] further ]
    |> List.tryPick (fun rule -> rule ())
    |> Option.map (fun (finding, mistake) -> finding, { mistake with Explains = fun other -> other.File = finding.File })
