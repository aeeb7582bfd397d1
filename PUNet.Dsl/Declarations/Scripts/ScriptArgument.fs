namespace PUNet.Dsl

/// A value that a script takes from the command line as NAME=VALUE.
type ScriptArgument =
    {
        Name: string
        /// What kind of value it is, for example a whole number.
        Kind: string
        /// The value where none is given, as it would be typed.
        Default: string
    }
