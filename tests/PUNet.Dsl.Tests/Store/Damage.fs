/// Damage to files of a store, as a failing disk or a careless program does it.
module PUNet.Dsl.Tests.Damage

open System.IO

/// Flips one bit in the middle of a file; its length stays.
let flip (path: string) =
    let bytes = File.ReadAllBytes path
    bytes[bytes.Length / 2] <- bytes[bytes.Length / 2] ^^^ 1uy
    File.WriteAllBytes(path, bytes)
