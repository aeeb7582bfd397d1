/// A block once all its keywords are known: where each stands, and the record that they make.
module internal PUNet.Dsl.Blocks

open PUNet.Dsl.Rules

/// A finished block.
type Block<'Record> =
    {
        Settings: Setting<'Record> list
        Record: 'Record
        /// Where the block begins.
        Position: SourcePosition
        Given: Map<string, SourcePosition>
        Where: Where
    }

/// `head`: the word that begins the block.
let finish head (file: string option) (line: int option) start settings =
    let file = Option.defaultValue "" file
    let position = SourcePosition.atLine file (Option.defaultValue 0 line)
    let settings = Setting.inFile file settings
    let given = Setting.positions settings

    { Settings = settings
      Record = Setting.apply start settings
      Position = position
      Given = given
      Where = where given head position }

/// Only what the block states itself, for rules about words that contradict each other.
let private ownPositions block = block.Settings |> List.filter (fun setting -> setting.Rank <> Followed) |> Setting.positions

/// Faults of the words, whatever they set: given twice, given beside another that sets the same.
let wordFaults block = Setting.repeated block.Settings @ Effect.conflicts (ownPositions block) block.Where

/// Faults that Core finds in the settings.
let faults (found: PUNet.Core.Common.Settings.Fault seq) block = found |> Seq.map (told block.Given block.Where) |> List.ofSeq

/// Own settings that have no effect on what is declared, by the tables; what the block follows may bring some that have none.
let idle table declared block = Effect.problems (ownPositions block) block.Where table declared

/// The block without the followed settings that have no effect on what is declared: they are in no key.
let withoutIdle start idleKeywords block =
    let isIdle (setting: Setting<'Record>) =
        setting.Rank = Followed && (List.contains setting.Keyword idleKeywords || List.contains setting.Within idleKeywords)

    let settings = block.Settings |> List.filter (isIdle >> not)
    { block with Settings = settings; Record = Setting.apply start settings }
