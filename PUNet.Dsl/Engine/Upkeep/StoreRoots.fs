namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.IO

/// Why results of a store stay.
type StoreRoots =
    {
        /// What scripts last ran, each with what became of its file. Those that are gone keep nothing.
        Scripts: (ScriptRoot * ScriptState) list
        /// Results that were pinned, with the reasons given.
        Pins: (string * string) list
        /// Stages that are being computed, and results that running processes use.
        InUse: Set<string>
        /// Why nobody can tell all that is needed, so that no result may go; empty where all is known.
        Unknown: string list
    }

module StoreRoots =
    /// A claim that was not touched for so long is nobody's, and the same holds for a run.
    let private patience = TimeSpan.FromMinutes 10.0

    /// Keys of stages that somebody computes.
    let private claimed (store: Store) (now: DateTime) =
        if Directory.Exists store.Claims then
            [ for path in Directory.EnumerateFileSystemEntries store.Claims do
                  if now - File.GetLastWriteTimeUtc path < patience then
                      (string (Path.GetFileName path)).Split('.')[0] ]
        else
            []

    /// Everything that keeps results, at a time.
    let find (store: Store) (now: DateTime) : StoreRoots =
        let scripts, damaged = ScriptRoot.all store
        let used = StoreUse.current store now

        { Scripts = [ for root in scripts -> root, ScriptRoot.state root ]
          Pins = StorePins.all store
          InUse = Set.ofList (claimed store now @ Option.defaultValue [] used)
          Unknown =
            [ for id in damaged do
                  $"the record {id} of what a script last ran is damaged: run that script again, or `punet forget {id}`"
              if used.IsNone then
                  $"a note below {store.Users} on what a running process uses cannot be read" ] }

    /// Keys with everything that they were made from.
    let withInputs (entries: IReadOnlyDictionary<string, Provenance>) (keys: string seq) =
        let kept = HashSet<string>()

        let rec keep key =
            if kept.Add key then
                match entries.TryGetValue key with
                | true, entry ->
                    for input in entry.Inputs do
                        if input.Artifact <> "" then
                            keep input.Artifact
                | _ -> ()

        Seq.iter keep keys
        kept

    /// Scripts whose results stay.
    let live (roots: StoreRoots) =
        [ for root, state in roots.Scripts do
              if state <> ScriptState.Gone then
                  root ]

    /// What stays whatever it was made for, before the inputs are added.
    let keys (roots: StoreRoots) =
        [ yield! List.map fst roots.Pins
          yield! roots.InUse
          for root in live roots do
              for result in root.Results do
                  result.Key ]

    /// Why a result that nothing keeps is not needed any more.
    let whyNot (roots: StoreRoots) (key: string) (label: string) =
        let ran (root: ScriptRoot) = List.contains key root.Earlier || root.Results |> List.exists (fun result -> result.Key = key)

        match roots.Scripts |> List.filter (fst >> ran) with
        | [] -> "no script's last run needs it"
        | scripts when scripts |> List.forall (fun (_, state) -> state = ScriptState.Gone) ->
            $"the script {(fst scripts.Head).Script} is gone"
        | scripts ->
            let root, _ = scripts |> List.find (fun (_, state) -> state <> ScriptState.Gone)

            match root.Results |> List.tryFind (fun result -> result.Label = label) with
            | Some successor -> $"the last run of {root.Script} uses {successor.Key[..7]} instead"
            | None -> $"the last run of {root.Script} has no such stage"
