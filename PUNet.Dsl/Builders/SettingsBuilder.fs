namespace PUNet.Dsl

open System

/// What the blocks of settings have in common: keywords one below the other, and nothing else.
type SettingsBuilder<'Record>() =
    member _.Yield(_: unit) : Setting<'Record> list = []

    [<CompilerMessage("A block of settings holds a keyword at least, and keywords only: leave an empty block out; "
                      + "choose before the block, or write the if inside a keyword's argument.",
                      10001,
                      IsError = true)>]
    member _.Zero() : Setting<'Record> list = []

    /// What follows a keyword and is none itself; with this the compiler names a mistyped one.
    member _.For(settings: Setting<'Record> list, rest: unit -> Setting<'Record> list) : Setting<'Record> list = settings @ rest ()

    [<CompilerMessage("A block of settings holds keywords only: write the loop outside, for example [ for seed in 1 .. 3 -> promptTune backbone { … } ].",
                      10001,
                      IsError = true)>]
    member _.For(_: seq<'T>, _: 'T -> Setting<'Record> list) : Setting<'Record> list =
        raise (NotSupportedException "for in a block of settings")

module internal Keyword =
    /// Adds a setting behind the others.
    let set keyword line change (settings: Setting<'Record> list) = settings @ [ Setting.make keyword line change ]

    /// The same before the others, which may then change what it brings.
    let setFirst file keyword line change (settings: Setting<'Record> list) =
        { Setting.make keyword line change with File = file } :: settings

    /// Lets the setting that was added last change more.
    let also change (settings: Setting<'Record> list) =
        match List.rev settings with
        | last :: earlier -> List.rev ({ last with Set = last.Set >> change } :: earlier)
        | [] -> []

    /// The same for blocks that begin with a bare word and so do not know their file.
    let setIn file keyword line change (settings: Setting<'Record> list) =
        settings @ [ { Setting.make keyword line change with File = file } ]
