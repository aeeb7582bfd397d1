/// Words that the compiler does not know.
module PUNet.Cli.Scripts.Mistakes.NameMistakes

open System
open System.Text.RegularExpressions
open Microsoft.FSharp.Reflection
open PUNet.Dsl

/// "The value, constructor, namespace or type 'x' is not defined."
[<Literal>]
let Undefined = 39

let private language = "PUNet.Dsl"

/// What a missing `open` leaves unknown.
let private followsFromOpen (other: Finding) = other.Number <> Undefined || List.contains other.Word Vocabulary.words.Value

let private notOpened (finding: Finding) =
    Mistake.here finding $"'{finding.Word}' is a word of {language}, which the script does not open" $"add the line: open {language}"
    |> Mistake.explaining followsFromOpen finding

let private openedWrongly (finding: Finding) =
    let wanted = Regex.Match(finding.Script.Line finding.Line, @"open\s+([\w.]+)").Groups[1].Value

    if NearestName.distance wanted language <= 3 then
        Mistake.here finding $"there is no {wanted}" $"write open {language}" |> Mistake.explaining followsFromOpen finding
    else
        None

/// Words that the language had before, with what stands for them now.
let private former =
    dict [ "segmentation_loss", "focal_loss { … }"; "focal", "focal_loss { … }"; "tuneAdapters", "tuneBottlenecks" ]

let private isFormer (finding: Finding) =
    match former.TryGetValue finding.Word with
    | true, now -> Mistake.here finding $"'{finding.Word}' is a former word" $"write {now}"
    | _ -> None

/// The blocks that have a keyword.
let private owners word = Vocabulary.keywords.Value |> List.filter (fun keyword -> keyword.Name = word) |> List.map _.Block |> List.distinct

/// A word where a keyword of a block is expected.
let private noKeyword (finding: Finding) block =
    let word = finding.Word

    let joined =
        Regex.Match(finding.Script.Code(finding.Line).Substring(finding.Column - 1), @"^\w+(-\w+)+").Value.Replace('-', '_')

    let own =
        Vocabulary.keywords.Value
        |> List.filter (fun keyword -> keyword.Block = block)
        |> List.map _.Name
        |> List.append (Vocabulary.inner block)
        |> List.distinct

    if List.contains joined own then
        Mistake.here finding $"keywords are written with underscores" $"write {joined}"
    else
        let remedy =
            match owners word, NearestName.find word own with
            | [], Some nearest -> $"did you mean \"{nearest}\"?"
            | [], None -> let all = String.concat ", " own in $"its keywords: {all}"
            | blocks, _ -> let blocks = String.concat ", " blocks in $"it belongs to {blocks}"

        Mistake.here finding $"'{word}' is no keyword of {block} {{ }}" remedy

/// A case of an enumeration or union without its type's name.
let private caseOf (finding: Finding) =
    Vocabulary.takes finding.Block finding.Keyword
    |> List.concat
    |> List.tryPick (fun kind ->
        let cases =
            if kind.IsEnum then
                List.ofArray (Enum.GetNames kind)
            elif FSharpType.IsUnion kind && not kind.IsGenericType then
                [ for case in FSharpType.GetUnionCases kind -> case.Name ]
            else
                []

        cases
        |> List.tryFind (fun case -> case.Equals(finding.Word, StringComparison.OrdinalIgnoreCase))
        |> Option.map (fun case -> $"{kind.Name}.{case}"))

let private isText (kinds: Type list) = List.contains typeof<string> kinds || List.contains typeof<string list> kinds

/// A word where a value is expected.
let private noValue (finding: Finding) =
    let word = finding.Word
    let takes = Vocabulary.takes finding.Block finding.Keyword

    match caseOf finding with
    | Some case -> Mistake.here finding $"'{word}' is not defined" $"write {case}"
    | None when word = "True" || word = "False" -> Mistake.here finding $"'{word}' is not defined" $"write {word.ToLowerInvariant()}"
    | None when List.exists isText takes -> Mistake.here finding $"'{word}' is not defined" $"a text stands in quotes: \"{word}\""
    | None ->
        // the script's own values, where no word of the language is nearer
        let own =
            [ for line in 1 .. finding.Line -> Regex.Match(finding.Script.Code line, @"^\s*let\s+(\w+)").Groups[1].Value ]
            |> List.filter ((<>) "")
            |> NearestName.find word

        let isNearer block = own |> Option.forall (fun name -> NearestName.distance word block < NearestName.distance word name)

        match NearestName.find word Vocabulary.blocks.Value |> Option.filter isNearer with
        | Some nearest when Regex.IsMatch(finding.Behind, @"\{\s*$|\{.*\}") ->
            Mistake.here finding $"there is no '{word}'" $"did you mean \"{nearest}\"?"
        | _ ->
            let known = Regex.Match(finding.Message, "following: (.*)$").Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)
            let isPublic (name: string) = not (Regex.IsMatch(name, "(Draft|Builder|Settings|Attribute|Declaration)$"))

            match own |> Option.orElseWith (fun () -> NearestName.find word (Seq.filter isPublic known)) with
            | Some nearest when nearest <> "" -> Mistake.here finding $"'{word}' is not defined" $"did you mean \"{nearest}\"?"
            | _ -> Mistake.here finding $"'{word}' is not defined" "define it above with let, or correct it"

/// What the compiler cannot decide because it does not know a word.
let private isUntyped (other: Finding) = other.Message.Contains "could not be determined" || other.Message.Contains "could not be inferred"

/// A mistake that explains the finding, if it is one of these.
let find (finding: Finding) : Mistake option =
    if finding.Number = Undefined then
        let isOpen = Regex.IsMatch(finding.Script.Line finding.Line, @"^\s*open\b")

        match finding.Block with
        | _ when isOpen -> openedWrongly finding
        | _ when former.ContainsKey finding.Word -> isFormer finding |> Mistake.explaining isUntyped finding
        | _ when List.contains finding.Word Vocabulary.words.Value -> notOpened finding
        | Some block when finding.Column = fst finding.Statement -> noKeyword finding block |> Mistake.explaining isUntyped finding
        | _ -> noValue finding |> Mistake.explaining isUntyped finding
    else
        None
