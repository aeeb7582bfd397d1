namespace PUNet.Dsl

open System
open System.IO
open System.Text.RegularExpressions

/// Where a declaration stands in a script: absolute file path, line from 1, column from 1 (0 where not known).
type SourcePosition =
    { File: string
      Line: int
      Column: int }

    /// As compilers write it, so that editors make it a link: file(line,col), or file(line) where the column is not known.
    override position.ToString() =
        if position.Column > 0 then
            $"{position.File}({position.Line},{position.Column})"
        else
            $"{position.File}({position.Line})"

module SourcePosition =
    /// A position of which the compiler told file and line only.
    let atLine file line = { File = file; Line = line; Column = 0 }

    /// Text in quotes, and comments up to the end of the line.
    let private unread = Regex @"""(\\.|[^""\\])*""|//.*$"

    /// The column of the word, as a whole one, in a line of a script; what stands in quotes or comments does not count.
    let private column (word: string) (line: string) =
        let code = unread.Replace(line, (fun (skipped: Match) -> String(' ', skipped.Length)))
        let found = Regex.Match(code, $@"(?<![\w.]){Regex.Escape word}(?!\w)")
        if found.Success then Some(found.Index + 1) else None

    /// The place of the word in its line; the position itself where the file cannot be read or the line does not hold the word.
    let locate (word: string) position =
        try
            if position.Column > 0 || not (File.Exists position.File) then
                position
            else
                File.ReadLines position.File
                |> Seq.tryItem (position.Line - 1)
                |> Option.bind (column word)
                |> Option.map (fun column -> { position with Column = column })
                |> Option.defaultValue position
        with
        | :? IOException
        | :? UnauthorizedAccessException -> position
