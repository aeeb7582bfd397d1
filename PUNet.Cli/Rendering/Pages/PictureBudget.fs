namespace PUNet.Cli.Rendering

open System
open System.IO

/// How many bytes of a page pictures may take; what does not fit is left out and said.
[<Sealed>]
type PictureBudget(most: int64) =
    let mutable left = most

    /// Length of some bytes as base64.
    static member Encoded(length: int64) = (length + 2L) / 3L * 4L

    /// The picture as data of a page, or none where it takes more than is left. Raises IOException where it cannot be read.
    member _.TryTake(path: string) : string option =
        let length = PictureBudget.Encoded(FileInfo(path).Length)

        if length > left then
            None
        else
            left <- left - length
            let kind = if path.EndsWith(".webp", StringComparison.Ordinal) then "webp" else "png"
            Some $"data:image/{kind};base64,{Convert.ToBase64String(File.ReadAllBytes path)}"
