namespace PUNet.Dsl

/// Words of a script that are not about a stage.
[<AutoOpen>]
module ScriptKeywords =
    /// The value of NAME=VALUE on the command line, or the fallback, whose type decides how it is read: text, int, float or bool.
    let argument (name: string) (fallback: 'T) : 'T = ScriptArguments.value name fallback
