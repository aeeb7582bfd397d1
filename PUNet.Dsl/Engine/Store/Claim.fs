namespace PUNet.Dsl.Engine

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Threading
open PUNet.Core.Common
open PUNet.Core.Common.Files

/// The right to compute a stage: a file that is touched while its holder lives. Claims of one key are numbered; the
/// highest counts, and a dead one is succeeded by the next number, which only one process can create. A claim keeps
/// work from being done twice; results stay right without it, as publishing is atomic.
[<Sealed>]
type Claim internal (path: string, holder: ClaimHolder, isHighest: unit -> bool, release: unit -> unit) =
    static let beat = TimeSpan.FromSeconds 2.0
    let lost = new CancellationTokenSource()

    let touch (_: obj | null) =
        try
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow)

            if not (isHighest ()) then
                lost.Cancel()
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? ObjectDisposedException -> () // the next beat tries again; others take over if none succeeds

    let timer = new Timer(touch, null, beat, beat)

    /// Who holds it.
    member _.Holder = holder
    /// Cancelled when another process took the claim over, for example after this one was suspended.
    member _.Lost = lost.Token

    interface IDisposable with
        member _.Dispose() =
            timer.Dispose()
            release ()
            lost.Dispose()

module Claim =
    /// A claim that was not touched for so long is taken over, whatever the machine of its holder.
    let patience = TimeSpan.FromSeconds 20.0

    /// Two containers may have one name and the same numbers of processes.
    let private realm =
        lazy
            (try
                let boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()
                let space = FileInfo("/proc/self/ns/pid").LinkTarget
                $"{boot} {space} {FileOwnership.CurrentUser}"
             with
             | :? IOException
             | :? UnauthorizedAccessException -> "")

    let private self =
        lazy
            (use current = Process.GetCurrentProcess()

             { Machine = Environment.MachineName
               Realm = realm.Value
               Process = current.Id
               ProcessStart = current.StartTime.ToUniversalTime().Ticks
               Token = "" })

    let private newHolder () = { self.Value with Token = Guid.NewGuid().ToString "N" }

    /// The text of a claim.
    let internal text holder = $"{holder.Machine}\n{holder.Realm}\n{holder.Process}\n{holder.ProcessStart}\n{holder.Token}\n"

    /// This process as a holder.
    let internal thisProcess () = newHolder ()

    let private write (path: string) holder =
        use stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read)
        use writer = new StreamWriter(stream)
        writer.Write(text holder)

    /// None while the file is being written, after it was removed, and where it is no claim.
    let private tryRead (path: string) =
        try
            use stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite ||| FileShare.Delete)
            use reader = new StreamReader(stream)

            match reader.ReadToEnd().Split '\n' with
            | [| machine; realm; id; start; token; "" |] ->
                match Int32.TryParse id, Int64.TryParse start with
                | (true, id), (true, start) -> Some { Machine = machine; Realm = realm; Process = id; ProcessStart = start; Token = token }
                | _ -> None
            | _ -> None
        with
        | :? IOException
        | :? UnauthorizedAccessException -> None

    let private isDead holder =
        self.Value.Machine = holder.Machine
        && self.Value.Realm = holder.Realm
        && (try
                use other = Process.GetProcessById holder.Process
                abs (float (other.StartTime.ToUniversalTime().Ticks) - float holder.ProcessStart) > 2.0 * float TimeSpan.TicksPerSecond
            with
            | :? ArgumentException
            | :? InvalidOperationException -> true
            | :? ComponentModel.Win32Exception -> false)

    /// More claims of one key than there will be; a higher number is not ours.
    let private most = 1_000_000

    let private numbered (folder: string) key =
        Directory.EnumerateFileSystemEntries(folder, key + ".*")
        |> Seq.choose (fun path ->
            match Int32.TryParse(path.Substring(path.LastIndexOf '.' + 1)) with
            | true, number when number >= 0 && number < most -> Some(number, path)
            | _ -> None)
        |> Seq.sortBy fst
        |> List.ofSeq

    let private pathOf (folder: string) key number = Path.Combine(folder, $"{key}.{number}")

    let private exists = 17 // EEXIST
    let private windowsExists = 0x80070050

    /// Creates the claim of a number; none if another process was faster.
    let private tryCreate folder key number =
        let path = pathOf folder key number
        let holder = newHolder ()
        let isHighest () = numbered folder key |> List.forall (fun (other, _) -> other <= number)

        let release () =
            for other, file in numbered folder key do
                if other <= number then
                    try
                        File.Delete file
                    with
                    | :? IOException
                    | :? UnauthorizedAccessException -> ()

        try
            write path holder

            if isHighest () then
                Some(new Claim(path, holder, isHighest, release))
            else
                File.Delete path
                None
        with :? IOException as error when error.HResult = exists || error.HResult = windowsExists ->
            None

    /// Whether somebody computes a stage now: its claim was touched lately, and its holder is not known to be dead. Changes nothing.
    let isHeld (folder: string) key =
        Directory.Exists folder
        && (match List.tryLast (numbered folder key) with
            | None -> false
            | Some(_, path) ->
                DateTime.UtcNow - File.GetLastWriteTimeUtc path < patience
                && tryRead path |> Option.exists (fun holder -> not (isDead holder)))

    /// `acquire` with another patience.
    let internal acquireAfter
        (patience: TimeSpan)
        (folder: string)
        key
        (isDone: unit -> bool)
        (waitingFor: ClaimHolder -> unit)
        (cancellation: CancellationToken)
        =
        // when the newest file was last seen to change, by this process's own clock: clocks of others do not matter
        let seen = Dictionary<string, DateTime * int64>()
        let mutable told = false

        let unchangedFor (path: string) =
            let written = File.GetLastWriteTimeUtc path

            match seen.TryGetValue path with
            | true, (before, since) when before = written -> Stopwatch.GetElapsedTime since
            | _ ->
                seen[path] <- (written, Stopwatch.GetTimestamp())
                TimeSpan.Zero

        let rec attempt () =
            cancellation.ThrowIfCancellationRequested()

            let claimed =
                match List.tryLast (numbered folder key) with
                | None -> tryCreate folder key 0
                | Some(number, path) ->
                    let holder = tryRead path
                    let silent = unchangedFor path > patience

                    match holder with
                    | Some holder when not silent && not (isDead holder) ->
                        if not told then
                            told <- true
                            waitingFor holder

                        None
                    | None when not silent -> None
                    | _ -> tryCreate folder key (number + 1)

            match claimed with
            | Some claim when isDone () ->
                (claim :> IDisposable).Dispose()
                None
            | Some claim -> Some claim
            | None when isDone () -> None
            | None ->
                cancellation.WaitHandle.WaitOne 100 |> ignore
                attempt ()

        attempt ()

    /// Waits until the key's claim is free or its holder is dead, then takes it. None as soon as `isDone` holds while
    /// waiting: somebody else finished the work. Raises OperationCanceledException when cancelled.
    let acquire folder key isDone waitingFor cancellation = acquireAfter patience folder key isDone waitingFor cancellation
