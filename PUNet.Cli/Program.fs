module PUNet.Cli.Program

[<EntryPoint>]
let main _ = 0
