/// A block once all its keywords are known: where each stands, and the record that they make.
module internal PUNet.Dsl.Blocks

open PUNet.Core.Common.Settings
open PUNet.Dsl.Rules

/// A finished block.
type Block<'Record> =
    {
        Settings: Setting<'Record> list
        Record: 'Record
        /// Where the block begins.
        Position: SourcePosition
        /// Where the block's own keywords stand.
        Keywords: Map<string, SourcePosition>
        /// Of all settings, and of those that the block states itself.
        Words: Words
        Own: Words
        Where: Where
    }

    /// Whether the block itself states a keyword.
    member block.States keyword = block.Keywords.ContainsKey keyword

/// `head`: the word that begins the block.
let finish head (file: string option) (line: int option) start settings =
    let file = Option.defaultValue "" file
    let position = SourcePosition.atLine file (Option.defaultValue 0 line)
    let settings = Setting.inFile file settings
    let words, keywords = Setting.words settings, Setting.keywords settings

    { Settings = settings
      Record = Setting.apply start settings
      Position = position
      Keywords = keywords
      Words = words
      Own = Setting.words (Setting.ownOf settings)
      Where = where words keywords head position }

/// The block without the parts of settings that have no effect on what is declared: they are in no key. Own ones are told besides.
let withoutIdle head start idle block =
    let settings = block.Settings |> List.map (Setting.without idle)
    let words = Setting.words settings

    { block with
        Settings = settings
        Record = Setting.apply start settings
        Words = words
        Where = where words block.Keywords head block.Position }

/// Faults of the words, whatever they set: of what they were given, given twice, given beside another that sets the same.
let wordFaults block =
    [ yield! block.Settings |> List.collect _.Found
      yield! Setting.repeated block.Settings
      yield! Effect.conflicts block.Keywords ]

/// Faults that Core finds in the settings.
let faults (found: Fault seq) block = found |> Seq.map (told block.Own block.Words block.Where) |> List.ofSeq

/// Own settings that have no effect on what is declared, by the tables; what the block follows may bring some that have none.
let idle table declared block = Effect.problems block.Keywords table declared
