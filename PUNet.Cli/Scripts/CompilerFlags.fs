/// What the F# compiler is told about every script; apart from Compiler, so that a key can be made without loading it.
module PUNet.Cli.Scripts.CompilerFlags

open System
open System.IO

/// The name that tells a script that the command line runs it, and not `dotnet fsi` or an editor.
[<Literal>]
let Symbol = "PUNET"

/// Options that decide what a compiled script is, and so are part of its key. Line numbers of errors stay right without
/// tail calls and without functions moved into their callers; 20 is the warning about an expression whose value is not
/// used, as the last one of a script may be.
let all =
    [ "--target:exe"
      $"--define:{Symbol}"
      "--targetprofile:netcore"
      "--optimize+"
      "--inlinethreshold:0"
      "--tailcalls-"
      "--debug:embedded"
      "--nowin32manifest"
      "--nowarn:20"
      "--nologo" ]

/// The libraries that a script sees without asking.
let references =
    [ "PUNet.Core.dll"; "PUNet.Dsl.dll"; "TorchSharp.dll" ]
    |> List.map (fun library -> "-r:" + Path.Combine(AppContext.BaseDirectory, library))
