namespace PUNet.Cli.Scripts.Mistakes

open System
open System.IO
open System.Text

/// The text of a script as people read it: what stands in quotes and comments is out of the way.
[<Sealed>]
type ScriptText(text: string) =
    /// The text with the insides of quotes, and comments, as blanks; quotes and line ends stay.
    let code =
        let masked = StringBuilder(text)

        let blank first length =
            for i in first .. min (first + length) text.Length - 1 do
                if text[i] <> '\n' then
                    masked[i] <- ' '

        let starts (at: int) (word: string) = String.CompareOrdinal(text, at, word, 0, word.Length) = 0

        let until (at: int) (ending: string) =
            match text.IndexOf(ending, min at text.Length, StringComparison.Ordinal) with
            | -1 -> text.Length
            | found -> found

        let rec closing at =
            if at >= text.Length || text[at] = '"' then at
            elif text[at] = '\\' then closing (at + 2)
            else closing (at + 1)

        let rec scan at =
            if at < text.Length then
                if starts at "\"\"\"" then
                    let last = until (at + 3) "\"\"\""
                    blank (at + 3) (last - at - 3)
                    scan (last + 3)
                elif text[at] = '"' then
                    let last = closing (at + 1)
                    blank (at + 1) (last - at - 1)
                    scan (last + 1)
                elif starts at "//" then
                    let last = until at "\n"
                    blank at (last - at)
                    scan last
                elif starts at "(*" && not (starts at "(*)") then
                    let last = until at "*)"
                    blank at (last + 2 - at)
                    scan (last + 2)
                else
                    scan (at + 1)

        scan 0
        masked.ToString()

    let lines = text.Split '\n'
    let codeLines = code.Split '\n'

    /// Openers that are not closed before a place, the outermost first: the character, its line from 0, its column from 0, and where
    /// the statement behind it begins on the place's line.
    let openers line column =
        let mutable open' = []

        for i in 0 .. min line (codeLines.Length - 1) do
            let last = if i = line then min column codeLines[i].Length else codeLines[i].Length

            for j in 0 .. last - 1 do
                match codeLines[i][j] with
                | '{'
                | '['
                | '(' as opener -> open' <- (opener, i, j) :: open'
                | '}'
                | ']'
                | ')' -> open' <- List.truncate (max 0 (open'.Length - 1)) (List.rev open') |> List.rev
                | _ -> ()

        List.rev open'

    /// The file's text; empty where it cannot be read.
    static member Of(path: string) =
        try
            ScriptText(File.ReadAllText(path).Replace("\r\n", "\n"))
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ScriptText ""

    /// A line from 1, as it stands there.
    member _.Line(line: int) = if line >= 1 && line <= lines.Length then lines[line - 1] else ""

    /// A line from 1 without what stands in quotes and comments.
    member _.Code(line: int) = if line >= 1 && line <= codeLines.Length then codeLines[line - 1] else ""

    member _.Lines = lines.Length

    /// The word at a place, line and column from 1; empty where none begins there.
    member script.Word(line, column: int) =
        let rest = (script.Code line).Substring(min (script.Code line).Length (max 0 (column - 1)))
        String(rest |> Seq.takeWhile (fun c -> Char.IsLetterOrDigit c || c = '_') |> Array.ofSeq)

    /// Braces that are open at a place, the innermost last: line and column from 1.
    member _.OpenBraces(line, column) =
        [ for opener, i, j in openers (line - 1) (column - 1) do
              if opener = '{' then
                  i + 1, j + 1 ]

    /// The setting of a block that a place belongs to, as far as it stands on that line: column from 1, and its text.
    member script.Statement(line, column: int) =
        let code = script.Code line
        let mutable first = 0
        let mutable depth = 0

        // a ; inside brackets belongs to what they hold
        for j in 0 .. min (column - 1) code.Length - 1 do
            match code[j] with
            | '{' -> first <- j + 1
            | ';' when depth = 0 -> first <- j + 1
            | '['
            | '(' -> depth <- depth + 1
            | ']'
            | ')' -> depth <- max 0 (depth - 1)
            | _ -> ()

            if code[j] = '{' then
                depth <- 0

        let mutable last = first
        let mutable nested = 0

        while last < code.Length && not (nested = 0 && (code[last] = ';' || code[last] = '}')) do
            match code[last] with
            | '['
            | '('
            | '{' -> nested <- nested + 1
            | ']'
            | ')'
            | '}' -> nested <- nested - 1
            | _ -> ()

            last <- last + 1

        let skipped = code.Substring(first, last - first).Length - code.Substring(first, last - first).TrimStart().Length
        first + skipped + 1, (script.Line line).Substring(first + skipped, last - first - skipped).TrimEnd()
