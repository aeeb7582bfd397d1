/// Values of another kind than a keyword takes.
module PUNet.Cli.Scripts.Mistakes.ValueMistakes

open System
open System.Text.RegularExpressions
open Microsoft.FSharp.Reflection

/// "This expression was expected to have type …", and types that are not compatible.
[<Literal>]
let Mismatch = 1

let private incompatible = 193
/// Of a keyword with one form, and of one with several.
let private wrongCounts = [ 501; 503; 505 ]

/// "No overloads match for method …"
[<Literal>]
let NoOverload = 41

let private strayBraces = 740
let private tupleInList = 3886

/// A keyword's arguments as they stand behind it.
let private arguments (finding: Finding) =
    let _, text = finding.Statement
    text.Substring(min text.Length finding.Keyword.Length).Trim()

let private isFlat (text: string) = text <> "" && not (Regex.IsMatch(text, @"[()\[\]{}""]"))

/// What the keyword of a setting takes, against what it is given.
let private takes (finding: Finding) (given: string) =
    let keyword = finding.Keyword
    let overloads = Vocabulary.takes finding.Block keyword
    let words = Regex.Split(arguments finding, @"[\s,]+")

    let isTupleOf count takes =
        match takes with
        | [ kind ] -> FSharpType.IsTuple kind && FSharpType.GetTupleElements(kind).Length = count
        | _ -> false

    let remedy =
        match overloads with
        | _ when isFlat (arguments finding) && List.exists (isTupleOf words.Length) overloads ->
            let written = String.concat ", " words
            $"write {keyword} ({written})"
        | _ when given = "several classes" && Vocabulary.isKeyword (keyword + "s") -> $"{keyword}s takes several"
        | _ when given.Contains "one model and a list" || given.Contains "list of models and one model" -> "give two models, or two lists"
        | _ when given = "one model" ->
            $"write [ {finding.Script.Line(finding.Line).Substring(finding.Column - 1, max 0 (finding.EndColumn - finding.Column))} ]"
        | _ -> ""

    if keyword = "" || overloads.IsEmpty then
        None
    else
        let given = if given = "" then "" else $"; given: {given}"
        let line, column = finding.Line, fst finding.Statement
        Mistake.at line column finding $"'{keyword}' takes {TypeWords.ofOverloads overloads}{given}" remedy

/// What the compiler names as given, where a keyword fits no overload.
let private ofOverload (finding: Finding) =
    match Regex.Match(finding.Message, @"Known types of arguments: Setting<[\w<>'.]+> list \* (.*?)\s*Available overloads") with
    | found when found.Success -> TypeWords.ofName (found.Groups[1].Value.Trim())
    | _ -> ""

/// A list whose items are separated by commas.
let private commaList (all: Finding list) (finding: Finding) =
    all
    |> List.tryFind (fun other -> other.Number = tupleInList && other.File = finding.File && other.Holds(finding.Line, finding.Column))
    |> Option.bind (fun list ->
        let text = finding.Script.Line(list.Line)

        let inside =
            text.Substring(list.Column - 1, max 0 ((if list.EndLine = list.Line then list.EndColumn else text.Length + 1) - list.Column))

        let isPairs = Regex.IsMatch(inside, @"^\[\s*\d+\s*,\s*""")
        let separated = Regex.Replace(inside, @"""[^""]*""|,", (fun (part: Match) -> if part.Value = "," then ";" else part.Value))

        Mistake.at
            list.Line
            list.Column
            finding
            "items of a list are separated by ;"
            (if isPairs then "for example [ 1, \"liver\"; 2, \"spleen\" ]" else $"write {separated}"))

/// A block as a value without parentheses.
let private bareBlock (all: Finding list) (finding: Finding) =
    all
    |> List.tryFind (fun other -> other.Number = strayBraces && other.File = finding.File && other.Line = finding.Line)
    |> Option.bind (fun braces ->
        let before = (braces.Script.Code braces.Line).Substring(0, braces.Column - 1)
        let word = Regex.Match(before, @"(\w+)\s*$").Groups[1]

        Mistake.at
            braces.Line
            (word.Index + 1)
            finding
            "a block that is a value stands in parentheses"
            $"write {finding.Keyword} ({word.Value} {{ … }})")

/// The types that the compiler says are wanted and given.
let private types (message: string) =
    [ @"have type '(?<wanted>[^']+)' but (?:here has|is a tuple of) type '(?<given>[^']+)'"
      @"Expecting an? '(?<wanted>[^']+)' but given an? '(?<given>[^']+)'"
      @"The type '(?<given>[^']+)' is not compatible with (?:the )?type '(?<wanted>[^']+)'" ]
    |> List.map (fun pattern -> Regex.Match(message, pattern))
    |> List.tryFind _.Success
    |> Option.map (fun found -> found.Groups["wanted"].Value, found.Groups["given"].Value)

let private letInside (finding: Finding) =
    Mistake.here finding "a block of settings holds keywords only" "put the let above the block"
    |> Mistake.explaining (fun other -> other.Line >= finding.Line && other.Block = finding.Block) finding

/// A mistake that explains the finding, if it is one of these; `all`: everything that was found.
let find (all: Finding list) (finding: Finding) : Mistake option =
    let isSetting = Vocabulary.isKeyword finding.Keyword

    if finding.Number = Mismatch || finding.Number = incompatible then
        commaList all finding
        |> Option.orElse (if isSetting then bareBlock all finding else None)
        |> Option.orElseWith (fun () ->
            match types finding.Message with
            | Some("unit", _) when finding.Keyword = "let" -> letInside finding
            | Some(wanted, _) when isSetting && wanted.Contains "More" -> takes finding "more than that"
            | Some(_, given) when isSetting -> takes finding (TypeWords.ofName given)
            | _ -> None)
    elif finding.Number = strayBraces && isSetting then
        bareBlock all finding
    elif finding.Number = NoOverload && finding.Keyword = "let" then
        letInside finding
    elif finding.Number = NoOverload && finding.Message.Contains "method 'Yield'" then
        let value = snd finding.Statement

        if finding.Message.Contains "Known type of argument: Recipe" then
            Mistake.here finding "a recipe is taken into a block by follow" $"write follow {value}"
        else
            Mistake.here finding "a block of settings holds keywords only" "put a keyword before the value, or remove it"
    elif List.contains finding.Number wrongCounts && isSetting then
        takes finding (if arguments finding = "" then "nothing" else arguments finding)
    elif finding.Number = NoOverload && isSetting then
        bareBlock all finding
        |> Option.orElseWith (fun () ->
            let given = ofOverload finding
            takes finding (if given.Contains " and " && isFlat (arguments finding) then arguments finding else given))
    else
        None
