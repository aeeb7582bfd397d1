namespace PUNet.Dsl

open System

/// A value that nobody has: where a keyword takes one optionally, a second value behind it is no line number but a mistake.
[<Sealed; AllowNullLiteral>]
type More private () = class end

/// What the blocks of settings have in common: keywords one below the other, and nothing else.
type SettingsBuilder<'Record>() =
    member _.Yield(_: unit) : Setting<'Record> list = []

    member _.Combine(settings: Setting<'Record> list, rest: Setting<'Record> list) : Setting<'Record> list = settings @ rest
    member _.Delay(rest: unit -> Setting<'Record> list) : Setting<'Record> list = rest ()

    [<CompilerMessage("A block of settings holds a keyword at least, and keywords only: leave an empty block out; "
                      + "choose before the block, or write the if inside a keyword's argument.",
                      10001,
                      IsError = true)>]
    member _.Zero() : Setting<'Record> list = []

    /// What follows a keyword and is none itself; with this the compiler names a mistyped one.
    member _.For(settings: Setting<'Record> list, rest: unit -> Setting<'Record> list) : Setting<'Record> list = settings @ rest ()

    [<CompilerMessage("A block of settings holds keywords only: write the loop outside, "
                      + "for example [ for seed in 1 .. 3 -> promptTune backbone { … } ].",
                      10001,
                      IsError = true)>]
    member _.For(_: seq<'T>, _: 'T -> Setting<'Record> list) : Setting<'Record> list =
        raise (NotSupportedException "for in a block of settings")
