namespace PUNet.Cli.Scripts

open System.IO

/// A script and every file it loads, as they are on disk now.
type ScriptFiles =
    {
        /// Absolute path of the script.
        Script: string
        /// Absolute path and text of each file, loaded files before those that load them; the script is the last.
        Sources: (string * string) list
        /// True where a file asks for a package or a library (`#r`): such a script cannot be compiled ahead.
        NeedsSession: bool
    }

module ScriptFiles =
    /// The name that tells a script that the command line runs it, and not `dotnet fsi` or an editor.
    [<Literal>]
    let Symbol = "PUNET"

    /// Reads the script and what it loads. A loaded file that does not exist is left to the compiler, which names the line.
    /// Raises IOException or UnauthorizedAccessException where a file cannot be read.
    let read (script: string) =
        let defined = Set.ofList [ Symbol; "COMPILED" ]

        let rec visit (seen, sources, session) path =
            if Set.contains path seen || not (File.Exists path) then
                seen, sources, session
            else
                let text = File.ReadAllText path
                let directives = Directive.read defined (text.Split '\n')
                let folder = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue "."

                let loaded =
                    directives
                    |> List.collect (function
                        | Load paths -> paths
                        | Reference _ -> [])
                    |> List.map (fun loaded -> Path.GetFullPath(loaded, folder))

                let references =
                    directives
                    |> List.exists (function
                        | Reference _ -> true
                        | Load _ -> false)

                let seen, sources, session = List.fold visit (Set.add path seen, sources, session || references) loaded

                seen, (path, text) :: sources, session

        let script = Path.GetFullPath script
        let _, sources, session = visit (Set.empty, [], false) script

        { Script = script; Sources = List.rev sources; NeedsSession = session }
