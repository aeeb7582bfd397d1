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

let private checksum (library: string) = library + ".sha256"

/// What is kept under a key.
type Kept =
    | Ready of library: string
    | Missing
    /// Something is there, but not what was compiled, or somebody else could have written it.
    | Unfit of why: string

/// The compiled script of this key. Nothing that another user could have written counts, nor what is not what was compiled.
let find key =
    let path = Path.Combine(entry key, fileName key)

    try
        if not (File.Exists path) then
            Missing
        elif not (UserCache.isTrusted path) then
            Unfit "belongs to another user, or others can write it"
        elif UserCache.tryRead (checksum path) <> Some(ContentHash.ofFile path) then
            Unfit "is not what was written"
        else
            Ready path
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> Unfit $"cannot be read: {error.Message}"

let private deleteQuietly (path: string) =
    try
        StoreTree.delete path
    with
    | :? IOException
    | :? UnauthorizedAccessException -> () // another process deletes it too, or it is not ours

let private sweep () =
    for entry in DirectoryInfo(folder.Value).EnumerateDirectories() do
        if DateTime.UtcNow - entry.LastWriteTimeUtc > lifetime then
            deleteQuietly entry.FullName

/// A new folder that only this user can read; in the temporary folder where the cache cannot be written.
let private stage () =
    try
        let path = Path.Combine(folder.Value, $".staged-{Guid.NewGuid():N}")
        UserCache.makePrivate path
        path
    with
    | :? IOException
    | :? UnauthorizedAccessException -> Directory.CreateTempSubdirectory("punet-").FullName

/// Makes a library its owner's alone, whatever the compiler made it with, and notes what it is.
let private seal (library: string) =
    if not (OperatingSystem.IsWindows()) then
        File.SetUnixFileMode(library, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

    UserCache.write (checksum library) (ContentHash.ofFile library)

/// Has the script compiled into a folder of its own and publishes it; gives the path of the library. `compile` gets the
/// path to write to; a fault that it returns goes through, and nothing is kept. What is unfit under the key makes room; where
/// that is not possible the library is this process's alone.
let add key (compile: string -> Result<unit, 'Fault>) : Result<string, 'Fault> =
    let staged = stage ()
    let compiled = Path.Combine(staged, fileName key)

    let publish () =
        try
            seal compiled

            match find key with
            | Unfit _ -> deleteQuietly (entry key)
            | Ready _
            | Missing -> ()

            Directory.Move(staged, entry key)
            sweep ()
        with
        | :? IOException
        | :? UnauthorizedAccessException -> ()

        match find key with
        | Ready path -> path // this one, or that of another process that compiled the same script meanwhile
        | Missing
        | Unfit _ ->
            AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> deleteQuietly staged)
            compiled

    match compile compiled with
    | Ok() -> Ok(publish ())
    | Error fault ->
        deleteQuietly staged
        Error fault
