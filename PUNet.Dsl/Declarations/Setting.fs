namespace PUNet.Dsl

/// When a setting of a block is applied, whatever its line.
type SettingRank =
    /// It brings other settings of the block with it, which then may be changed: a dataset's source.
    | Base
    /// A group of settings brings it that the block follows.
    | Followed
    | Own

/// One keyword of a block with what it sets.
type Setting<'Record> =
    {
        Keyword: string
        /// The inner block that the keyword stands in, for example focal_loss; empty for the block's own.
        Within: string
        /// The script is empty until the block knows it.
        Position: SourcePosition
        Rank: SettingRank
        Set: 'Record -> 'Record
    }

module Setting =
    /// A block's own setting, from a keyword on a line.
    let own keyword (line: int option) set =
        { Keyword = keyword
          Within = ""
          Position = SourcePosition.atLine "" (Option.defaultValue 0 line)
          Rank = Own
          Set = set }

    /// The same settings of a larger record.
    let lift (change: ('Record -> 'Record) -> 'Whole -> 'Whole) (settings: Setting<'Record> list) : Setting<'Whole> list =
        [ for setting in settings ->
              { Keyword = setting.Keyword
                Within = setting.Within
                Position = setting.Position
                Rank = setting.Rank
                Set = change setting.Set } ]

    /// Settings in the script in which their block stands.
    let inFile file (settings: Setting<'Record> list) =
        [ for setting in settings ->
              if setting.Position.File = "" then
                  { setting with Position = { setting.Position with File = file } }
              else
                  setting ]

    /// The record with all settings, of one rank the later ones last.
    let apply (record: 'Record) (settings: Setting<'Record> list) =
        settings |> List.sortBy _.Rank |> List.fold (fun record setting -> setting.Set record) record

    /// Where each keyword stands first; the block's own before what it follows.
    let positions (settings: Setting<'Record> list) =
        settings
        |> List.sortBy (fun setting -> setting.Rank = Followed)
        |> List.rev
        |> List.map (fun setting -> setting.Keyword, setting.Position)
        |> Map.ofList

    /// Keywords that are given more than once, which would silently drop the first.
    let repeated (settings: Setting<'Record> list) =
        settings
        |> List.filter (fun setting -> setting.Rank <> Followed)
        |> List.sortBy (fun setting -> setting.Position.File, setting.Position.Line)
        |> List.groupBy _.Keyword
        |> List.choose (fun (keyword, given) ->
            match given with
            | first :: second :: _ ->
                Some(
                    Problem.at
                        (SourcePosition.locate keyword second.Position)
                        $"{keyword} is given twice"
                        "a block states each setting once"
                        $"first on line {first.Position.Line}"
                        "remove one of them"
                )
            | _ -> None)
