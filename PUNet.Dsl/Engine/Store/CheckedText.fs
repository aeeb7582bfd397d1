/// Small files of text that begin with the hash of the rest: one that was cut off or altered is never taken for what was written.
module PUNet.Dsl.Engine.CheckedText

open System
open System.IO
open System.Text
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl

/// Writes the text by one rename. Raises IOException or UnauthorizedAccessException where the folder cannot be written.
let write (path: string) (text: string) = AtomicFile.WriteText(path, Canonical.hashText text + "\n" + text)

/// What `write` wrote; none where nothing is there, where it cannot be read, and where it is not what was written.
let tryRead (path: string) : string option =
    try
        let whole = File.ReadAllText(path, UTF8Encoding(false, true))

        match whole.IndexOf '\n' with
        | cut when cut > 0 && Canonical.hashText (whole.Substring(cut + 1)) = whole.Substring(0, cut) -> Some(whole.Substring(cut + 1))
        | _ -> None
    with
    | :? IOException
    | :? UnauthorizedAccessException
    | :? DecoderFallbackException -> None
