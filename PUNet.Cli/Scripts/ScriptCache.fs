/// Compiled scripts, kept in the user's cache folder: a folder per script, in it one per state of what it was compiled from,
/// published by one rename.
module PUNet.Cli.Scripts.ScriptCache

open System
open System.IO
open System.Security.Cryptography
open System.Text
open PUNet.Dsl.Engine

/// Entries that were not made for this long go when a new one comes.
let private lifetime = TimeSpan.FromDays 60.0

/// States of one script that are kept.
let private most = 8

let private folder = lazy (UserCache.folder "scripts")

/// What a compiled script depends on besides the files it is made from: these assemblies, by their module ids, and the flags.
let private host =
    lazy
        ([ typeof<ScriptInputs>; typeof<PUNet.Dsl.SourcePosition>; typeof<PUNet.Core.Common.Extent>; typeof<list<int>> ]
         |> List.map (fun known -> known.Assembly.ManifestModule.ModuleVersionId.ToString())
         |> fun ids -> String.Join(' ', string Environment.Version :: ids))

/// Name of a script's folder: 32 hexadecimal digits over its path, which positions and relative files hold, the host's versions and
/// the compiler's flags.
let entryName (script: string) =
    use hash = IncrementalHash.CreateHash HashAlgorithmName.SHA256

    for text in host.Value :: script :: CompilerFlags.all do
        hash.AppendData(BitConverter.GetBytes text.Length)
        hash.AppendData(Encoding.UTF8.GetBytes text)

    (Convert.ToHexStringLower(hash.GetHashAndReset())).Substring(0, 32)

let private entry script = Path.Combine(folder.Value, entryName script)

/// The file of a state that lists what it was made from, and in its last line the library's hash and name.
let private inputsName = "inputs.txt"

/// The last line of a state that has no library.
let private session = "session"

/// What is kept of a script.
type Kept =
    /// A library that was compiled from what its files are now; None for a script that needs a session.
    | Ready of library: string option
    | Missing
    /// Something is there, but not what was compiled, or somebody else could have written it.
    | Unfit of why: string

let private altered = Unfit "is not what was written"

let private unfit path =
    if UserCache.isTrusted path then
        altered
    else
        Unfit "belongs to another user, or others can write it"

let private library (state: string) (last: string) =
    match last.Split('\t') with
    | [| only |] when only = session -> Ready None
    | [| hash; name |] ->
        let path = Path.Combine(state, name)
        if UserCache.isTrusted path && ContentHash.ofFile path = hash then Ready(Some path) else unfit path
    | _ -> altered

/// What a state is worth. Nothing that another user could have written counts, nor what is not what was written.
let private judge (state: string) =
    let path = Path.Combine(state, inputsName)

    try
        match UserCache.tryRead path |> Option.map (fun text -> text.Split '\n' |> List.ofArray |> List.rev) with
        | Some(last :: inputs) ->
            match ScriptInputs.ofLines inputs with
            | Some inputs when ScriptInputs.areUnchanged inputs -> library state last
            | Some _ -> Missing
            | None -> altered
        | Some []
        | None -> unfit path
    with
    | :? IOException
    | :? UnauthorizedAccessException as error -> Unfit $"cannot be read: {error.Message}"

let private states (entry: string) =
    try
        DirectoryInfo(entry).EnumerateDirectories() |> Seq.sortByDescending _.LastWriteTimeUtc |> List.ofSeq
    with
    | :? IOException
    | :? UnauthorizedAccessException -> []

/// The compiled script of this path, if its files are what they were.
let find (script: string) =
    let isReady kept =
        match kept with
        | Ready _ -> true
        | Missing
        | Unfit _ -> false

    let judged = states (entry script) |> Seq.map (fun state -> judge state.FullName) |> Seq.cache

    judged |> Seq.tryFind isReady |> Option.orElse (judged |> Seq.tryFind ((<>) Missing)) |> Option.defaultValue Missing

let private deleteQuietly (path: string) =
    try
        StoreTree.delete path
    with
    | :? IOException
    | :? UnauthorizedAccessException -> () // another process deletes it too, or it is not ours

let private sweep entry =
    states entry
    |> List.indexed
    |> List.filter (fun (i, _) -> i >= most)
    |> List.iter (fun (_, state) -> deleteQuietly state.FullName)

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

/// Makes a library its owner's alone, whatever the compiler made it with.
let private seal (library: string) =
    if not (OperatingSystem.IsWindows()) then
        File.SetUnixFileMode(library, UnixFileMode.UserRead ||| UnixFileMode.UserWrite)

/// Makes a staged state one of the script's; what is unfit makes room. Where that is not possible the state is this process's alone.
let private publish (script: string) (staged: string) =
    let entry = entry script
    let state = Path.Combine(entry, $"{Guid.NewGuid():N}")

    let stay () =
        AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> deleteQuietly staged)
        staged

    try
        match find script with
        | Unfit _ -> deleteQuietly entry
        | Ready _
        | Missing -> ()

        UserCache.makePrivate entry

        if UserCache.isTrusted entry then
            Directory.Move(staged, state)
            sweep entry
            state
        else
            stay ()
    with
    | :? IOException
    | :? UnauthorizedAccessException -> stay ()

/// Has the script compiled into a folder of its own and publishes it; gives the path of the library, or None where the script needs
/// a session. `compile` gets the path to write to; a fault that it returns goes through, and nothing is kept.
let add (script: string) (compile: string -> Result<ScriptInputs * bool, 'Fault>) : Result<string option, 'Fault> =
    let staged = stage ()
    let name = $"script-{Guid.NewGuid():N}.dll" // two of one name would be one library to the runtime
    let compiled = Path.Combine(staged, name)

    match compile compiled with
    | Ok(inputs, needsSession) ->
        let last =
            if needsSession then
                session
            else
                seal compiled
                $"{ContentHash.ofFile compiled}\t{name}"

        CheckedText.write (Path.Combine(staged, inputsName)) (String.Join('\n', ScriptInputs.toLines inputs @ [ last ]))
        let state = publish script staged
        Ok(if needsSession then None else Some(Path.Combine(state, name)))
    | Error fault ->
        deleteQuietly staged
        Error fault
