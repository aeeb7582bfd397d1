module PUNet.Dsl.Tests.CrashTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open PUNet.Dsl.Engine
open PUNet.Dsl.Tests.Workplace

let private withToy (work: Workplace -> unit) =
    use place = new Workplace()
    writeToyData place
    work place

/// Runs to the end and fails the test where that does not succeed.
let private complete (place: Workplace) =
    let code, error = Worker.finish (Worker.start [] place [])
    Expect.equal code 0 error

let private verifyAll (place: Workplace) =
    let store = Store.at place.Store
    Expect.isEmpty (Store.entries store |> List.collect (StoreVerification.faults store)) "contents as hashed"

/// The undisturbed run: what every result holds, and how long a process takes.
let private undisturbed =
    lazy
        (use place = new Workplace()
         writeToyData place
         complete place
         use again = new Workplace()
         writeToyData again
         let clock = Stopwatch.StartNew()
         complete again
         Worker.contents place.Store, clock.Elapsed)

[<Tests>]
let tests =
    testSequenced
    <| testList
        "crashes"
        [ test "killed at 100 moments, the next run finishes each time, with the results of an undisturbed run" {
              let expected, duration = undisturbed.Value
              let random = Random 20
              let moments = Array.init 100 (fun _ -> random.NextDouble())
              let mutable killed = 0

              let round (moment: float) =
                  withToy (fun place ->
                      use worker = Worker.start [] place []

                      if not (worker.WaitForExit(TimeSpan.FromMilliseconds(moment * duration.TotalMilliseconds))) then
                          worker.Kill()
                          worker.WaitForExit()
                          Interlocked.Increment &killed |> ignore

                      complete place
                      Expect.equal (Worker.contents place.Store) expected $"killed after {moment} of the time"
                      verifyAll place
                      Expect.isEmpty (Directory.EnumerateFiles(Path.Combine(place.Store, "claims"))) "no claim is left")

              moments |> Array.Parallel.iter round
              Expect.isGreaterThan killed 50 "most were killed while they worked"
          }

          test "eight processes on one store compute every stage once" {
              withToy (fun place ->
                  let workers = [ for _ in 1..8 -> Worker.start [] place [] ]

                  for worker in workers do
                      let code, error = Worker.finish worker
                      Expect.equal code 0 error
                      worker.Dispose()

                  let computed = Worker.computed place
                  Expect.equal computed (List.distinct computed) "once each"
                  Expect.equal computed.Length (fst undisturbed.Value).Count "and all of them"
                  Expect.equal (Worker.contents place.Store) (fst undisturbed.Value) "")
          }

          test "the stage of a killed process is taken over by one that was waiting for it" {
              withToy (fun place ->
                  let notes = Path.Combine(place.Folder, "notes")
                  use holder = Worker.start [] place [ "WORKER_STOPS_AT", "pretrain" ]
                  SpinWait.SpinUntil(fun () -> Directory.Exists notes && (Worker.computed place |> List.contains "pretrain")) |> ignore
                  use waiting = Worker.start [] place []
                  let users = Path.Combine(place.Store, "users")
                  SpinWait.SpinUntil(fun () -> Directory.GetFiles(users).Length = 2 || waiting.HasExited) |> ignore
                  holder.Kill()
                  let code, error = Worker.finish waiting
                  Expect.equal code 0 error
                  Expect.equal (Worker.contents place.Store) (fst undisturbed.Value) "")
          }

          test "where files cannot grow the run fails with the reason, and the next one finishes" {
              if OperatingSystem.IsWindows() then
                  skiptest "there is no limit to set"

              withToy (fun place ->
                  // 4 KB a file: a checkpoint fits, weights do not; a write beyond the limit is an error, not a signal
                  let limited = [ "bash"; "-c"; "trap '' XFSZ; ulimit -f 4; exec \"$@\""; "bash" ]
                  let code, error = Worker.finish (Worker.start limited place [ "DOTNET_EnableWriteXorExecute", "0" ])
                  Expect.equal code 1 error
                  Expect.stringContains error "pretrain: Specified file length was too large" ""
                  Expect.equal (Worker.contents place.Store).Count 1 "the preparation only"
                  complete place
                  Expect.equal (Worker.contents place.Store) (fst undisturbed.Value) "")
          }

          test "a full disk ends the run with the reason, and with more space the next one finishes" {
              // a small file system of its own, in a name space that ends with the shell
              let shell =
                  "mount -t tmpfs -o size=48k none \"$STORE\" || exit 77; \"$@\"; first=$?; "
                  + "mount -o remount,size=20m \"$STORE\"; \"$@\"; second=$?; cp -a \"$STORE/.\" \"$COPY\"; echo codes $first $second >&2"

              withToy (fun place ->
                  let copy = Path.Combine(place.Folder, "copy")
                  Directory.CreateDirectory copy |> ignore
                  Directory.CreateDirectory place.Store |> ignore
                  let inside = [ "unshare"; "-rm"; "bash"; "-c"; shell; "bash" ]

                  let code, error =
                      try
                          Worker.finish (Worker.start inside place [ "STORE", place.Store; "COPY", copy ])
                      with :? ComponentModel.Win32Exception ->
                          77, ""

                  if code = 77 || error.Contains "unshare:" then
                      skiptest "no file system can be mounted here"

                  Expect.stringContains error $"pretrain: the disk of the store is full ({place.Store})" ""
                  Expect.stringContains error "codes 1 0" ""
                  Expect.equal (Worker.contents copy) (fst undisturbed.Value) "")
          }

          test "a missing, a corrupted and a half result run again" {
              withToy (fun place ->
                  complete place
                  let store = Store.at place.Store
                  let contents = Worker.contents place.Store
                  let key label = fst contents[label]
                  let corrupted, missing, half = key "pretrain", key "promptTune(bone)", key "fineTune(bone)"
                  let file key name = Path.Combine(store.Artifact key, name)
                  let bytes = File.ReadAllBytes(file corrupted "weights0.bin")
                  bytes[100] <- bytes[100] ^^^ 1uy
                  File.WriteAllBytes(file corrupted "weights0.bin", bytes)
                  Directory.Delete(store.Artifact missing, true)
                  File.Delete(file half "weights1.bin")

                  for entry in Store.entries store do
                      if not (StoreVerification.faults store entry).IsEmpty then
                          Store.setAside store entry.Key |> ignore

                  complete place
                  Expect.equal (Worker.contents place.Store) (fst undisturbed.Value) ""
                  verifyAll place)
          }

          test "a clock that is set back makes no result look older or newer than it is" {
              withToy (fun place ->
                  complete place
                  let before = Worker.computed place

                  // as if everything had been written in the future
                  for path in Directory.EnumerateFileSystemEntries(place.Folder, "*", SearchOption.AllDirectories) do
                      File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays 300.0)

                  complete place
                  Expect.equal (Worker.computed place) before "nothing runs again"
                  let file = Path.Combine(place.Data, "toy/a_seg.nii.gz")
                  File.WriteAllText(file, "other labels")
                  File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays -300.0)
                  complete place
                  Expect.isGreaterThan (Worker.computed place).Length before.Length "a changed file is seen whatever its date")
          }

          test "a store that can only be read serves what it holds, and tells what it cannot take" {
              if OperatingSystem.IsWindows() then
                  skiptest "rights are of another kind"

              withToy (fun place ->
                  complete place
                  let before = Worker.computed place
                  // rights do not bind an administrator, unless the run gives that privilege up
                  let privileges = "-dac_override,-dac_read_search,-fowner"

                  let bound =
                      if Environment.UserName = "root" then
                          [ "setpriv"; "--bounding-set"; privileges; "--inh-caps"; privileges ]
                      else
                          []

                  let shell (command: string) = Process.Start("bash", [ "-c"; command ]).WaitForExit()
                  shell $"chmod -R a+rX,a-w '{place.Folder}'; chmod a+rwx '{place.Folder}/notes'"

                  try
                      let code, error = Worker.finish (Worker.start bound place [])
                      Expect.equal code 0 error
                      Expect.equal (Worker.computed place) before "all from the store"
                      shell $"chmod u+w '{place.Data}/toy/a_seg.nii.gz'; echo other > '{place.Data}/toy/a_seg.nii.gz'"
                      let code, error = Worker.finish (Worker.start bound place [])
                      Expect.equal code 1 error
                      Expect.stringContains error "prepare(toy): Access to the path" ""
                  finally
                      shell $"chmod -R u+rwX '{place.Folder}'")
          } ]
