/// Another libtorch than PUNet's own, in processes of their own: one is loaded per process.
module PUNet.Cli.Tests.LibtorchTests

open System
open System.IO
open Expecto
open PUNet.Cli.Tests.ProgramUnderTest
open PUNet.Core.Common
open PUNet.Core.Common.Native

/// The folder of the libtorch beside PUNet, its libraries, and the file of one by name.
let private own =
    match NativeTorch.Libtorch with
    | null -> failwith "the tests run beside a libtorch"
    | libtorch -> libtorch

let private libraries () =
    [ for file in Directory.GetFiles own.Path do
          if file.Contains ".so" && not (file.Contains "LibTorchSharp") then
              file ]

/// A folder as an installed PyTorch has it, filled with copies or links.
let private install (place: Workplace) (fill: string -> string -> unit) (version: string) =
    let lib = Directory.CreateDirectory(Path.Combine(place.Root, "site-packages", "torch", "lib")).FullName

    for file in libraries () do
        fill
            (string (File.ResolveLinkTarget(file, true) |> Option.ofObj |> Option.map _.FullName |> Option.defaultValue file))
            (Path.Combine(lib, string (Path.GetFileName file)))

    File.WriteAllText(Path.Combine(place.Root, "site-packages", "torch", "version.py"), $"__version__ = '{version}'\n")
    lib

let private linked (file: string) (link: string) = File.CreateSymbolicLink(link, file) |> ignore

let private script (place: Workplace) =
    place.Write(
        "tiny.fsx",
        "#load \"punet.fsx\"",
        "open PUNet.Dsl",
        "let scans ="
        + " dataset \"phantoms\" { source (phantoms { subjects 4; in_plane 32 }); split { train 0.5; validation 0.25; test 0.25; seed 1 } }",
        "let small ="
        + " network { channels [ 4; 4; 4; 8; 8 ]; heads 2; window (4, 4, 1); tokens_per_class 2;"
        + " student_patch (32, 32, 1); second_student_patch (32, 32, 1); teacher_patch (32, 32, 1) }",
        "let backbone = randomBackbone scans { network small; seed 3 }",
        "let tuned = promptTune backbone { target \"liver\"; epochs 1; crops_per_epoch 2; batch_size 2 }",
        "experiment \"tiny\" { evaluate [ tuned ] }"
    )

/// Compiles a library of Linux that holds nothing, but needs others. Skips the test where there is no compiler.
let private compile (folder: string) (name: string) (needs: string list) =
    let source = Path.Combine(folder, "nothing.c")
    File.WriteAllText(source, "int nothing(void) { return 0; }\n")

    let words =
        [ "-shared"; "-fPIC"; "-Wl,--no-as-needed"; $"-Wl,-soname,{name}"; "-o"; Path.Combine(folder, name); source ] @ needs

    let ended =
        try
            execute folder "gcc" words
        with :? ComponentModel.Win32Exception ->
            skiptest "gcc is not there to make a library without symbols"

    Expect.equal ended.Code 0 ended.Error

/// A folder with libraries under the right names and nothing in them.
let private hollow (place: Workplace) =
    let lib = Directory.CreateDirectory(Path.Combine(place.Root, "site-packages", "torch", "lib")).FullName

    for name in [ "libc10.so"; "libtorch_cpu.so"; "libtorch.so" ] do
        compile lib name []

    lib

/// Code 2, one line that contains the text, and no store.
let private isRefused (place: Workplace) (text: string) (words: string list) =
    let ended = punet place.Root words
    Expect.equal ended.Code 2 ended.Error
    Expect.hasLength (ended.Error.Trim().Split '\n') 1 ended.Error
    Expect.stringContains ended.Error text ""
    Expect.isFalse (Directory.Exists(Path.Combine(place.Root, ".punet"))) "nothing was begun"

let private onLinux = if OperatingSystem.IsLinux() then test else ptest

[<Tests>]
let tests =
    testSequenced
    <| testList
        "libtorch"
        [ onLinux "a chosen libtorch is the only one in the process, and a script runs on it" {
              use place = new Workplace()
              let lib = install place (fun file copy -> File.Copy(file, copy)) "2.10.0+copy"
              let info = punet place.Root [ "info"; "--torch"; "--libtorch"; Path.Combine(place.Root, "site-packages") ]
              Expect.equal info.Code 0 info.Error

              Expect.equal
                  [ for line in info.Lines do
                        if line.StartsWith "loaded" then
                            line.Substring(6).Trim() ]
                  [ Path.Combine(lib, "libtorch_cpu.so") ]
                  "loaded"

              Expect.exists
                  info.Lines
                  (fun line -> line.StartsWith "libtorch" && line.Contains "2.10.0+copy" && line.Contains lib)
                  info.Output

              let run = execute place.Root "env" [ $"{NativeTorch.Variable}={lib}"; "dotnet"; program; "run"; script place ]
              Expect.equal run.Code 0 run.Error
          }

          onLinux "the version of the chosen libtorch is in the keys, and its GPUs are there to choose, without loading it" {
              use place = new Workplace()
              let lib = install place linked "2.11.0+cu130"
              let path = script place
              let explain words = punet place.Root ([ "explain"; path; "randomBackbone" ] @ words)
              Expect.stringContains (explain []).Output own.Identity "PUNet's own"
              let chosen = explain [ "--libtorch"; lib ]
              Expect.stringContains chosen.Output "2.11.0+cu130" chosen.Error
              isRefused place "on the CPU only" [ "plan"; path; "--device"; "cuda"; "--libtorch"; lib ]
              linked (own.Library "torch") (Path.Combine(lib, "libtorch_cuda.so"))
              let cuda = explain [ "--libtorch"; lib; "--device"; "cuda" ]
              Expect.equal cuda.Code 0 cuda.Error
              Expect.stringContains cuda.Output "cuda" ""
          }

          onLinux "a missing, empty, damaged or different libtorch is one line and code 2 before anything is begun" {
              use place = new Workplace()
              let path = script place
              let run lib = [ "run"; path; "--libtorch"; lib ]
              isRefused place "there is no folder" (run "nowhere")
              isRefused place "there is no folder" [ "plan"; path; "--libtorch"; "nowhere" ]
              isRefused place "holds none" (run (Directory.CreateDirectory(Path.Combine(place.Root, "empty")).FullName))
              let lib = hollow place
              isRefused place $"too different from libtorch {NativeTorch.BuiltFor}" (run lib)
              let bytes = File.ReadAllBytes(Path.Combine(lib, "libtorch_cpu.so"))
              File.WriteAllBytes(Path.Combine(lib, "libtorch_cpu.so"), Array.truncate 5000 bytes)
              isRefused place "cannot be read" (run lib)
              isRefused place "cannot be read" [ "plan"; path; "--libtorch"; lib ]
          }

          onLinux "what libtorch needs is found beside it as pip lays it, and what is nowhere is named" {
              use place = new Workplace()
              let lib = hollow place
              let part = Directory.CreateDirectory(Path.Combine(place.Root, "site-packages", "nvidia", "part", "lib")).FullName
              compile part "libdeep.so.1" []
              compile part "libpart.so.1" [ "-L."; "-l:libdeep.so.1" ]
              compile lib "libtorch_cpu.so" [ $"-L{part}"; "-l:libpart.so.1"; $"-Wl,-rpath-link,{part}" ]
              let info () = punet place.Root [ "info"; "--torch"; "--libtorch"; lib ]
              Expect.stringContains (info ()).Error "undefined symbol" "its needs were met, the next fault is another"
              File.Delete(Path.Combine(part, "libdeep.so.1"))

              Expect.stringContains
                  (info ()).Error
                  "needs libdeep.so.1, which is in none of its folders; add the folder that has it to LD_LIBRARY_PATH"
                  ""
          } ]
