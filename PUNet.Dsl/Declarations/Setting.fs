namespace PUNet.Dsl

/// One keyword of a block with what it sets.
type Setting<'Record> =
    {
        Keyword: string
        /// The script; empty where the block itself knows it.
        File: string
        Line: int
        Set: 'Record -> 'Record
    }

module Setting =
    /// A setting of a block, from a keyword on a line.
    let make keyword line set = { Keyword = keyword; File = ""; Line = line; Set = set }

    /// Where a setting stands, in a block of this file.
    let position file setting = SourcePosition.atLine (if setting.File = "" then file else setting.File) setting.Line

    /// The record with all settings, the later ones last.
    let apply (record: 'Record) (settings: Setting<'Record> list) = settings |> List.fold (fun record setting -> setting.Set record) record

    /// Where each keyword stands first.
    let positions file (settings: Setting<'Record> list) =
        settings |> List.rev |> List.map (fun setting -> setting.Keyword, position file setting) |> Map.ofList

    /// Keywords that are given more than once, which would silently drop the first.
    let repeated file (settings: Setting<'Record> list) =
        settings
        |> List.sortBy _.Line
        |> List.groupBy _.Keyword
        |> List.choose (fun (keyword, given) ->
            match given with
            | first :: second :: _ ->
                let position = position file second |> SourcePosition.locate keyword

                Some(
                    Problem.at
                        position
                        $"{keyword} is given twice"
                        "a block states each setting once"
                        $"first on line {first.Line}"
                        "remove one of them"
                )
            | _ -> None)
