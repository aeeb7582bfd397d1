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
        /// What it sets, by the settings' own names: rate sets body_rate and prompt_rate.
        Parts: (string * ('Record -> 'Record)) list
        /// Faults of what it was given.
        Found: Problem list
    }

module Setting =
    /// A block's own setting of several parts, from a keyword on a line.
    let ofParts keyword (line: int option) parts =
        { Keyword = keyword
          Within = ""
          Position = SourcePosition.atLine "" (Option.defaultValue 0 line)
          Rank = Own
          Parts = parts
          Found = [] }

    /// A block's own setting, from a keyword on a line.
    let own keyword line set = ofParts keyword line [ keyword, set ]

    /// The same settings of a larger record.
    let lift (change: ('Record -> 'Record) -> 'Whole -> 'Whole) (settings: Setting<'Record> list) : Setting<'Whole> list =
        [ for setting in settings ->
              { Keyword = setting.Keyword
                Within = setting.Within
                Position = setting.Position
                Rank = setting.Rank
                Parts = setting.Parts |> List.map (fun (name, set) -> name, change set)
                Found = setting.Found } ]

    /// Settings in the script in which their block stands.
    let inFile file (settings: Setting<'Record> list) =
        let complete (position: SourcePosition) = if position.File = "" then { position with File = file } else position

        [ for setting in settings ->
              { setting with
                  Position = complete setting.Position
                  Found = [ for problem in setting.Found -> { problem with Position = complete problem.Position } ] } ]

    /// As they are applied: of one rank the later ones last.
    let inOrder (settings: Setting<'Record> list) = settings |> List.sortBy _.Rank

    /// The record with all settings.
    let apply (record: 'Record) (settings: Setting<'Record> list) =
        inOrder settings |> List.collect _.Parts |> List.fold (fun record (_, set) -> set record) record

    /// Without the parts of these names, and without what stands in a block of such a name; what the block states by that very name stays, and
    /// is a fault of the script.
    let without (names: string list) setting =
        let isDropped (name, _) =
            List.contains name names && (setting.Rank = Followed || setting.Keyword <> name)
            || setting.Rank = Followed && List.contains setting.Within names

        { setting with Parts = setting.Parts |> List.filter (isDropped >> not) }

    /// The block's own settings, without what it follows.
    let ownOf (settings: Setting<'Record> list) = settings |> List.filter (fun setting -> setting.Rank <> Followed)

    /// Where the block's own keywords stand; of one that is given twice the first.
    let keywords (settings: Setting<'Record> list) : Map<string, SourcePosition> =
        ownOf settings |> List.rev |> List.map (fun setting -> setting.Keyword, setting.Position) |> Map.ofList

    /// By which word and where each setting got its value: the last that gives it.
    let words (settings: Setting<'Record> list) : Map<string, string * SourcePosition> =
        [ for setting in inOrder settings do
              for name, _ in setting.Parts do
                  name, (setting.Keyword, setting.Position) ]
        |> Map.ofList

    /// Keywords that are given more than once, which would silently drop the first.
    let repeated (settings: Setting<'Record> list) =
        ownOf settings
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
