/// How the process ends.
module PUNet.Cli.ExitCode

/// Everything was done.
[<Literal>]
let Done = 0

/// A stage failed; for `plan --exit-code`: something would run.
[<Literal>]
let Failed = 1

/// The script or the arguments are invalid.
[<Literal>]
let Invalid = 2

/// Stopped by the user, after a checkpoint.
[<Literal>]
let Interrupted = 130
