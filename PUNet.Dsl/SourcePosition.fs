namespace PUNet.Dsl

open System
open System.IO

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

    /// The position with the column at which the word stands in its line, where the file can be read and holds it.
    let locate (word: string) position =
        try
            if position.Column > 0 || not (File.Exists position.File) then
                position
            else
                match File.ReadLines position.File |> Seq.tryItem (position.Line - 1) with
                | Some line -> { position with Column = 1 + line.IndexOf(word, StringComparison.Ordinal) }
                | None -> position
        with
        | :? IOException
        | :? UnauthorizedAccessException -> position
