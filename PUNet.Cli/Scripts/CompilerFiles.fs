namespace PUNet.Cli.Scripts

open System
open System.Collections.Concurrent
open System.IO
open System.Runtime.InteropServices
open FSharp.Compiler.IO

/// The file system as the F# compiler sees it, which notes what the compiler reads and where it looks in vain. `output`: the folder
/// that it writes to, which is no input.
[<Sealed>]
type CompilerFiles(output: string) =
    inherit DefaultFileSystem()

    let read = ConcurrentDictionary<string * string, unit>()
    let absent = ConcurrentDictionary<string, unit>()
    let libraries = ConcurrentDictionary<string, unit>()

    let isBelow (folder: string) (path: string) =
        path.StartsWith(Path.TrimEndingDirectorySeparator folder + string Path.DirectorySeparatorChar, StringComparison.Ordinal)

    /// Folders whose libraries a running script has anyway: this program's, and those of .NET, whose version is in the key.
    let own =
        let runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory())
        [ AppContext.BaseDirectory; Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")) ]

    let isOwn path = own |> List.exists (fun folder -> isBelow folder path)

    let isLibrary (path: string) =
        [ ".dll"; ".exe"; ".netmodule" ]
        |> List.exists (fun ending -> path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))

    let note (path: string) found =
        if not found && Path.IsPathFullyQualified path && not (isOwn path || isBelow output path) then
            absent[Path.GetFullPath path] <- ()

        found

    override _.OpenFileForReadShim(path, ?useMemoryMappedFile, ?shouldShadowCopy) =
        let full = Path.GetFullPath path

        if isOwn full || isBelow output full then
            base.OpenFileForReadShim(path, ?useMemoryMappedFile = useMemoryMappedFile, ?shouldShadowCopy = shouldShadowCopy)
        elif isLibrary full then
            libraries[full] <- ()
            base.OpenFileForReadShim(path, ?useMemoryMappedFile = useMemoryMappedFile, ?shouldShadowCopy = shouldShadowCopy)
        else
            // what is hashed is what is read, also where the file changes at this moment
            let bytes = File.ReadAllBytes full
            read[(full, ScriptInputs.hash bytes)] <- ()
            new MemoryStream(bytes, false)

    override _.FileExistsShim path = base.FileExistsShim path |> note path
    override _.DirectoryExistsShim path = base.DirectoryExistsShim path |> note path

    /// What was read and looked for so far. A file that changed meanwhile is in it twice, and so never unchanged.
    member _.Inputs = { Read = List.ofSeq read.Keys |> List.sort; Absent = List.ofSeq absent.Keys |> List.sort }

    /// Libraries that were read from elsewhere, which only a session resolves when the script runs.
    member _.NeedsSession = not libraries.IsEmpty

    /// Lets the compiler work on this file system; one at a time, as the compiler has one for all.
    member files.During(work: unit -> 'Result) =
        lock typeof<CompilerFiles> (fun () ->
            let former = FileSystemAutoOpens.FileSystem
            FileSystemAutoOpens.FileSystem <- files

            try
                work ()
            finally
                FileSystemAutoOpens.FileSystem <- former)
