namespace PUNet.Cli.Scripts

open System
open System.IO
open System.Security.Cryptography

/// What a compiled script was made from, as the compiler itself asked for it: it is the same script as long as all of this is.
type ScriptInputs =
    {
        /// Absolute paths of the files that were read, with the hashes of what was read; the script is one of them.
        Read: (string * string) list
        /// Absolute paths where the compiler looked and found nothing: a file there would come before one that was read.
        Absent: string list
    }

module ScriptInputs =
    /// SHA-256 of some bytes, in hexadecimal digits.
    let hash (bytes: byte array) = Convert.ToHexStringLower(SHA256.HashData bytes)

    let private isRead (path, former) =
        try
            hash (File.ReadAllBytes path) = former
        with
        | :? IOException
        | :? UnauthorizedAccessException -> false

    /// Whether the compiler would find and read the same again.
    let areUnchanged inputs = List.forall isRead inputs.Read && not (List.exists Path.Exists inputs.Absent)

    let private reading, lacking = "read", "absent"

    /// One line each.
    let toLines inputs =
        [ for path, hash in inputs.Read do
              $"{reading}\t{hash}\t{path}"
          for path in inputs.Absent do
              $"{lacking}\t\t{path}" ]

    /// None where a line is none of ours.
    let ofLines (lines: string list) =
        let parts = lines |> List.map (fun line -> line.Split('\t', 3) |> List.ofArray)

        let isOurs part =
            match part with
            | [ kind; _; _ ] -> kind = reading || kind = lacking
            | _ -> false

        if List.forall isOurs parts then
            Some
                { Read =
                    [ for part in parts do
                          match part with
                          | [ kind; hash; path ] when kind = reading -> path, hash
                          | _ -> () ]
                  Absent =
                    [ for part in parts do
                          match part with
                          | [ kind; _; path ] when kind = lacking -> path
                          | _ -> () ] }
        else
            None
