module PUNet.Dsl.Tests.StoreTests

open System
open System.IO
open System.Threading
open Expecto
open PUNet.Dsl
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private fields =
    Canonical.fields [ "kind", Text "adapt"; "parameters", Canonical.fields [ "epochs", Canonical.integer 5L ] ]

let private key = StageKey.ofFields fields

let private provenance files content =
    { Key = key
      Kind = "adapt"
      Label = "promptTune(lungs)"
      Fields = fields
      Inputs = [ { Name = "scans"; From = "prepare(toy)"; Artifact = "k"; Reads = "train"; Content = "c" } ]
      Content = content
      Files = files
      Machine = "m"
      Versions = Map [ "punet", "1" ]
      Commit = ""
      Started = DateTimeOffset(2024, 2, 3, 4, 5, 6, TimeSpan.Zero)
      Ended = DateTimeOffset(2024, 2, 3, 4, 5, 7, TimeSpan.Zero)
      PeakMemory = 12L }

let private publish store (text: string) replace =
    let folder = StorePublishing.startWriting store key
    File.WriteAllText(Path.Combine(folder, "result.txt"), text)
    let files, content = StorePublishing.contentOf folder
    StorePublishing.publish store folder (provenance files content) replace

let private withStore work =
    use place = new Workplace()
    let store = Store.at place.Store
    Store.prepare store
    work store

[<Tests>]
let tests =
    testList
        "store"
        [ test "a published artifact is found with its provenance" {
              withStore (fun store ->
                  Expect.equal (Store.find store key) Stored.Absent "before"
                  publish store "one" false

                  match Store.find store key with
                  | Stored.Present found -> Expect.equal found (provenance found.Files found.Content) ""
                  | other -> failtest $"{other}"

                  Expect.isEmpty (Directory.EnumerateDirectories store.Temporary) "nothing is left in tmp")
          }

          test "a run killed before publishing leaves nothing that looks finished, and the next one clears it away" {
              withStore (fun store ->
                  let killed = StorePublishing.startWriting store key
                  File.WriteAllText(Path.Combine(killed, "result.txt"), "half")
                  File.WriteAllText(Path.Combine(killed, "provenance.json"), "{")
                  Expect.equal (Store.find store key) Stored.Absent ""
                  Expect.isEmpty (Store.entries store) ""
                  publish store "whole" false
                  Expect.isFalse (Directory.Exists killed) "cleared"
                  Expect.equal (Store.entries store).Length 1 "")
          }

          test "an artifact stays as it is when its key is published once more" {
              withStore (fun store ->
                  publish store "one" false
                  publish store "two" false
                  Expect.equal (File.ReadAllText(Path.Combine(store.Artifact key, "result.txt"))) "one" ""
                  publish store "three" true
                  Expect.equal (File.ReadAllText(Path.Combine(store.Artifact key, "result.txt"))) "three" "replaced where asked for")
          }

          test "missing, shortened and unreadable files are damage; changed bytes are found by verifying" {
              withStore (fun store ->
                  publish store "one" false
                  let file = Path.Combine(store.Artifact key, "result.txt")
                  File.WriteAllText(file, "ONE")

                  match Store.find store key with
                  | Stored.Present found ->
                      Expect.sequenceEqual (StoreVerification.faults store found) [ "result.txt has another content" ] ""
                  | other -> failtest $"{other}"

                  File.Delete file
                  Expect.equal (Store.find store key) (Stored.Damaged "result.txt is missing") ""
                  File.WriteAllText(Path.Combine(store.Artifact key, "provenance.json"), "{\"key\":")

                  match Store.find store key with
                  | Stored.Damaged what -> Expect.stringContains what "its provenance.json is not what was written" ""
                  | other -> failtest $"{other}")
          }

          test "one of eight claimants holds a key at a time, and all get their turn" {
              withStore (fun store ->
                  let mutable inside = 0
                  let mutable most = 0
                  let mutable turns = 0

                  Array.Parallel.init 8 (fun _ ->
                      match Claim.acquire store.Claims key (fun () -> false) ignore CancellationToken.None with
                      | Some claim ->
                          let now = Interlocked.Increment &inside
                          most <- max most now
                          Thread.Yield() |> ignore
                          Interlocked.Increment &turns |> ignore
                          Interlocked.Decrement &inside |> ignore
                          (claim :> IDisposable).Dispose()
                      | None -> ())
                  |> ignore

                  Expect.equal (most, turns) (1, 8) ""
                  Expect.isEmpty (Directory.EnumerateFiles store.Claims) "released")
          }

          test "a stage is being computed while its claim is held by a living process that touches it" {
              withStore (fun store ->
                  Expect.isFalse (Store.isComputed store key) "nobody has claimed it"
                  use claim = Claim.acquire store.Claims key (fun () -> false) ignore CancellationToken.None |> Option.get
                  Expect.isTrue (Store.isComputed store key) ""
                  (claim :> IDisposable).Dispose()
                  Expect.isFalse (Store.isComputed store key) "it was given back"
                  let left = Path.Combine(store.Claims, $"{key}.0")
                  File.WriteAllText(left, Claim.text { Claim.thisProcess () with ProcessStart = 1L })
                  Expect.isFalse (Store.isComputed store key) "its holder is dead"
                  File.WriteAllText(left, Claim.text { Claim.thisProcess () with Machine = "elsewhere" })
                  Expect.isTrue (Store.isComputed store key) "another machine's, touched just now"
                  File.SetLastWriteTimeUtc(left, DateTime.UtcNow - 2.0 * Claim.patience)
                  Expect.isFalse (Store.isComputed store key) "silent for long")
          }

          test "the claim of a dead process is taken over at once" {
              withStore (fun store ->
                  let claim = Path.Combine(store.Claims, $"{key}.0")
                  // This process, but started at another time.
                  File.WriteAllText(claim, Claim.text { Claim.thisProcess () with ProcessStart = 1L; Token = "token" })
                  use taken = Claim.acquire store.Claims key (fun () -> false) ignore CancellationToken.None |> Option.get
                  Expect.notEqual taken.Holder.Token "token" "")
          }

          test "a holder on another machine, or in another container, is alive as long as its claim is touched" {
              withStore (fun store ->
                  let here = Claim.thisProcess ()
                  let dead = { here with ProcessStart = 1L; Token = "token" }

                  for other in [ { dead with Machine = "elsewhere" }; { dead with Realm = "another container" } ] do
                      let claim = Path.Combine(store.Claims, $"{key}.0")
                      File.WriteAllText(claim, Claim.text other)
                      use cancelled = new CancellationTokenSource()
                      let beats = ref 0

                      // its heart beats, seen from here as a file that changes, whatever the clocks say
                      let isDone () =
                          beats.Value <- beats.Value + 1

                          (if beats.Value < 8 then
                               File.SetLastWriteTimeUtc(claim, DateTime(2001, 1, 1).AddSeconds(float beats.Value)))

                          false

                      let met = ref None
                      let patience = TimeSpan.FromMilliseconds 400.0

                      use taken =
                          Claim.acquireAfter patience store.Claims key isDone (fun holder -> met.Value <- Some holder) cancelled.Token
                          |> Option.get

                      Expect.equal met.Value (Some other) "waited for while it lived"
                      Expect.isGreaterThanOrEqual beats.Value 8 "taken over only after its last beat"
                      Expect.equal taken.Holder.Machine here.Machine "")
          }

          test "a claimant stops waiting when the work is done, and when it is cancelled" {
              withStore (fun store ->
                  use held = Claim.acquire store.Claims key (fun () -> false) ignore CancellationToken.None |> Option.get
                  let mutable holder = None
                  let asked = ref 0
                  let done' () = Interlocked.Increment asked > 2
                  Expect.isNone (Claim.acquire store.Claims key done' (fun other -> holder <- Some other) CancellationToken.None) ""
                  Expect.equal (holder |> Option.map _.Token) (Some held.Holder.Token) "whom it waited for"
                  use source = new CancellationTokenSource()
                  let cancel _ = source.Cancel()

                  Expect.throwsT<OperationCanceledException>
                      (fun () -> Claim.acquire store.Claims key (fun () -> false) cancel source.Token |> ignore)
                      "")
          } ]
