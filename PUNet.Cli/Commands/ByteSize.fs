/// Sizes of files as people write and read them.
module PUNet.Cli.Commands.ByteSize

open System
open System.Globalization
open System.Text.RegularExpressions

let private units = [ "KB", 1L <<< 10; "MB", 1L <<< 20; "GB", 1L <<< 30; "TB", 1L <<< 40 ]

/// 512 KB, 3 MB, 2.5 GB.
let show (bytes: int64) =
    if bytes < (1L <<< 20) then $"{(bytes + 1023L) / 1024L} KB"
    elif bytes < (1L <<< 30) then $"{bytes >>> 20} MB"
    else (float bytes / float (1L <<< 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB"

/// Bytes from 20GB, 1.5 TB, 300mb or a plain number.
let tryParse (text: string) : int64 option =
    let found = Regex.Match(text.Trim(), @"^(\d+(?:\.\d+)?)\s*([KMGT]B)?$", RegexOptions.IgnoreCase)

    if not found.Success then
        None
    else
        let number = Double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
        let name = found.Groups[2].Value.ToUpperInvariant()
        let factor = units |> List.tryFind (fun (unit, _) -> unit = name) |> Option.map snd |> Option.defaultValue 1L
        Some(int64 (number * float factor))
