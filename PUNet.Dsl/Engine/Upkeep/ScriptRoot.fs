namespace PUNet.Dsl.Engine

open System
open System.Globalization
open System.IO
open System.Text.Json
open PUNet.Core.Common
open PUNet.Core.Common.Files
open PUNet.Dsl

/// A result that a script needs.
type RootedResult = { Key: string; Label: string }

/// A stage that failed, in the words of its run.
type RootedFailure = { Stage: string; Reason: string }

/// What became of the file of a script.
[<RequireQualifiedAccess>]
type ScriptState =
    | There
    /// It was deleted or moved: what it ran is nobody's.
    | Gone
    /// On another machine, or on a disk that is not mounted: nobody here can tell.
    | OutOfSight

/// What a script last ran in a store, with everything that this was made from. `gc` keeps it as long as the script is there.
type ScriptRoot =
    {
        /// Name of the record: 16 hexadecimal digits over machine and path.
        Id: string
        /// Absolute path on its machine.
        Script: string
        Machine: string
        /// The file system of the script's folder; empty where it is not known.
        Device: string
        /// When its last run began.
        Ran: DateTimeOffset
        Results: RootedResult list
        /// Keys that only earlier runs needed and that are still in the store; they keep nothing, and tell why something goes.
        Earlier: string list
        /// Stages that failed since a run last came to its end.
        Failures: RootedFailure list
    }

module ScriptRoot =
    let private deviceOf (folder: string) =
        match FileOwnership.Of(folder, true) with
        | null -> ""
        | status -> string status.Device

    let private folderOf (path: string) = Path.GetDirectoryName path |> Option.ofObj |> Option.defaultValue path

    /// The record of a script of this machine, without results yet.
    let ofScript (script: string) =
        let machine = MachineIdentity.current ()

        { Id = (Canonical.hashText $"{machine}\n{script}").Substring(0, 16)
          Script = script
          Machine = machine
          Device = deviceOf (folderOf script)
          Ran = DateTimeOffset.UtcNow
          Results = []
          Earlier = []
          Failures = [] }

    /// Whether the script is still there. A missing file counts as gone only where the nearest folder that is left lies on the
    /// file system that the script lay on: a disk that is not mounted takes nothing along.
    let state (root: ScriptRoot) =
        let rec nearest (folder: string) = if Directory.Exists folder then folder else nearest (folderOf folder)

        if root.Machine <> MachineIdentity.current () then ScriptState.OutOfSight
        elif File.Exists root.Script then ScriptState.There
        elif deviceOf (nearest (folderOf root.Script)) = root.Device then ScriptState.Gone
        else ScriptState.OutOfSight

    let private toJson (root: ScriptRoot) =
        Canonical.fields
            [ "script", Text root.Script
              "machine", Text root.Machine
              "device", Text root.Device
              "ran", Text(root.Ran.ToString("O", CultureInfo.InvariantCulture))
              "results", Sequence [ for result in root.Results -> Canonical.fields [ "key", Text result.Key; "label", Text result.Label ] ]
              "earlier", Sequence(List.map Text root.Earlier)
              "failures",
              Sequence [ for failure in root.Failures -> Canonical.fields [ "stage", Text failure.Stage; "reason", Text failure.Reason ] ] ]
        |> Canonical.toJson

    let private ofJson id (json: string) : ScriptRoot option =
        try
            let fields = CanonicalJson.parse json
            let text name = CanonicalJson.textField name fields

            match DateTimeOffset.TryParse(text "ran", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) with
            | true, ran when text "script" <> "" ->
                Some
                    { Id = id
                      Script = text "script"
                      Machine = text "machine"
                      Device = text "device"
                      Ran = ran
                      Results =
                        [ for result in CanonicalJson.items "results" fields ->
                              { Key = CanonicalJson.textField "key" result; Label = CanonicalJson.textField "label" result } ]
                      Earlier =
                        [ for key in CanonicalJson.items "earlier" fields do
                              match key with
                              | Text key -> key
                              | _ -> () ]
                      Failures =
                        [ for failure in CanonicalJson.items "failures" fields ->
                              { Stage = CanonicalJson.textField "stage" failure
                                Reason = CanonicalJson.textField "reason" failure } ] }
            | _ -> None
        with
        | :? JsonException
        | :? InvalidOperationException -> None

    let private file (store: Store) (id: string) = Path.Combine(store.Roots, id)

    /// The record of an id. None where there is none or it is damaged.
    let tryRead (store: Store) (id: string) = CheckedText.tryRead (file store id) |> Option.bind (ofJson id)

    /// Writes a record. Raises IOException or UnauthorizedAccessException where the store cannot be written.
    let write (store: Store) (root: ScriptRoot) = CheckedText.write (file store root.Id) (toJson root)

    let private isId (name: string) = name.Length = 16 && name |> Seq.forall Char.IsAsciiHexDigitLower

    let private ids (store: Store) =
        if Directory.Exists store.Roots then
            [ for path in Directory.EnumerateFileSystemEntries store.Roots do
                  let name = string (Path.GetFileName path)

                  if isId name then
                      name ]
        else
            []

    /// All records, and the ids of those that are damaged.
    let all (store: Store) : ScriptRoot list * string list =
        let found = ids store |> List.map (fun id -> id, tryRead store id)

        found |> List.choose snd |> List.sortBy _.Script, found |> List.filter (snd >> Option.isNone) |> List.map fst

    /// Lets go what a script ran.
    let forget (store: Store) (id: string) = StoreTree.delete (file store id)
