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

    /// Lines that a block may have above the setting the compiler told.
    let private reach = 20

    /// The place of the word in the line, or in the nearest line above that holds it, as a block's keyword stands above its settings;
    /// the position itself where the file cannot be read or does not hold the word.
    let locate (word: string) position =
        try
            if position.Column > 0 || not (File.Exists position.File) then
                position
            else
                let first = max 1 (position.Line - reach)

                File.ReadLines position.File
                |> Seq.truncate position.Line
                |> Seq.mapi (fun i line -> i + 1, line.IndexOf(word, StringComparison.Ordinal))
                |> Seq.filter (fun (line, column) -> line >= first && column >= 0)
                |> Seq.tryLast
                |> Option.map (fun (line, column) -> { position with Line = line; Column = column + 1 })
                |> Option.defaultValue position
        with
        | :? IOException
        | :? UnauthorizedAccessException -> position
