/// Compiled scripts, kept in the user's cache folder: one folder per key, published by one rename.
module PUNet.Cli.Scripts.ScriptCache

open System
open System.IO
open System.Security.Cryptography
open System.Text
open PUNet.Dsl.Engine

/// Entries that were not made for this long go when a new one comes.
let private lifetime = TimeSpan.FromDays 60.0

let private folder = lazy (UserCache.folder "scripts")

/// What a compiled script depends on besides its text: these assemblies, by their module ids, and the flags.
let private host =
    lazy
        ([ typeof<ScriptFiles>; typeof<PUNet.Dsl.SourcePosition>; typeof<PUNet.Core.Common.Extent>; typeof<list<int>> ]
         |> List.map (fun known -> known.Assembly.ManifestModule.ModuleVersionId.ToString())
         |> fun ids -> String.Join(' ', string Environment.Version :: ids))

/// 32 hexadecimal digits over every file's path and text, the host's versions and the compiler's flags. Paths count because
/// positions in messages and relative files hold them.
let key (flags: string list) (files: ScriptFiles) =
    use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

    let add (text: string) =
        hash.AppendData(BitConverter.GetBytes text.Length)
        hash.AppendData(Encoding.UTF8.GetBytes text)

    add host.Value
    flags |> List.iter add

    for path, text in files.Sources do
        add path
        add text

    (Convert.ToHexStringLower(hash.GetHashAndReset())).Substring(0, 32)

let private entry key = Path.Combine(folder.Value, key)

let private fileName key = $"script-{key}.dll"

/// The compiled script of this key.
let tryFind key =
    let path = Path.Combine(entry key, fileName key)
    if File.Exists path then Some path else None

let private sweep () =
    for entry in DirectoryInfo(folder.Value).EnumerateDirectories() do
        if DateTime.UtcNow - entry.LastWriteTimeUtc > lifetime then
            try
                entry.Delete true
            with :? IOException ->
                () // another process sweeps too

/// A new folder that only this user can read; in the temporary folder where the cache cannot be written.
let private stage () =
    let create root =
        let path = Path.Combine(root, $".staged-{Guid.NewGuid():N}")

        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory path
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute)

    try
        create folder.Value
    with
    | :? IOException
    | :? UnauthorizedAccessException -> create (Path.GetTempPath())

/// Has the script compiled into a folder of its own and publishes it; gives the path of the library. `compile` gets the
/// path to write to; a fault that it returns goes through, and nothing is kept.
let add key (compile: string -> Result<unit, 'Fault>) : Result<string, 'Fault> =
    let path = Path.Combine(entry key, fileName key)
    let staged = stage ()
    let compiled = Path.Combine(staged.FullName, fileName key)

    let publish () =
        try
            Directory.Move(staged.FullName, entry key)
            sweep ()
            path
        with
        | :? IOException
        | :? UnauthorizedAccessException when File.Exists path -> path // another process compiled the same script meanwhile
        | :? IOException
        | :? UnauthorizedAccessException -> compiled

    match compile compiled with
    | Ok() -> Ok(publish ())
    | Error fault ->
        staged.Delete true
        Error fault
