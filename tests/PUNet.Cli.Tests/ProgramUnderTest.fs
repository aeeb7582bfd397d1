/// Starts the built command line as a process.
module PUNet.Cli.Tests.ProgramUnderTest

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks

/// How a process ended and what it wrote.
type Ended =
    { Code: int
      Output: string
      Error: string }

    member ended.Lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray

/// The built command line.
let program = Path.Combine(AppContext.BaseDirectory, "punet.dll")

/// The folder of the repository.
let repository =
    let rec upwards (folder: DirectoryInfo | null) =
        match folder with
        | null -> failwith "the tests do not lie in the repository"
        | folder when File.Exists(Path.Combine(folder.FullName, "PUNet.sln")) -> folder.FullName
        | folder -> upwards folder.Parent

    upwards (DirectoryInfo AppContext.BaseDirectory)

let private start (folder: string) (file: string) (words: string list) =
    let info =
        ProcessStartInfo(
            file,
            words,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )

    match Process.Start info with
    | null -> failwith $"{file} did not start"
    | started ->
        started.StandardInput.Close()
        started

let private finish (started: Process) (error: Task<string>) =
    let output = started.StandardOutput.ReadToEndAsync()
    started.WaitForExit()

    { Code = started.ExitCode; Output = output.Result; Error = error.Result }

/// Runs a program in a folder to its end.
let execute folder file words =
    use started = start folder file words
    finish started (started.StandardError.ReadToEndAsync())

/// Runs `punet` with these words in a folder.
let punet folder words = execute folder "dotnet" (program :: words)

/// The same with another environment: words of `env`, as NAME=VALUE, or -u and a name.
let punetWith (environment: string list) folder words = execute folder "env" (environment @ "dotnet" :: program :: words)

/// Starts `punet` so that it hears Ctrl-C even where the tests themselves were started in the background, which ignores it.
let private startHearing folder words =
    if OperatingSystem.IsLinux() then
        start folder "env" ("--default-signal=INT" :: "dotnet" :: program :: words)
    else
        start folder "dotnet" (program :: words)

/// Reads standard error up to a line that contains the text, or to its end.
let private waitFor (started: Process) (text: string) =
    let mutable line = started.StandardError.ReadLine()

    while not (isNull line) && not ((string line).Contains text) do
        line <- started.StandardError.ReadLine()

/// Starts `punet`, waits for a line on its standard error that contains the text, sends it the signal, and once more as soon
/// as it says that it stops.
let interruptTwice (text: string) (signal: string) folder words =
    use started = startHearing folder words

    for text in [ text; "once more to leave at once" ] do
        waitFor started text
        execute folder "kill" [ $"-{signal}"; string started.Id ] |> ignore

    finish started (started.StandardError.ReadToEndAsync())

/// Starts `punet`, and kills it once so many lines on its standard output contain the text. Whether it came to that.
let killAt (count: int) (text: string) folder words =
    use started = start folder "dotnet" (program :: words)
    started.ErrorDataReceived.Add ignore
    started.BeginErrorReadLine()
    let mutable left = count
    let mutable line = started.StandardOutput.ReadLine()

    while not (isNull line) && left > 0 do
        if (string line).Contains text then
            left <- left - 1

        line <- started.StandardOutput.ReadLine()

    let isRunning = not (isNull line)
    started.Kill()
    started.WaitForExit()
    isRunning

/// Starts `punet`, waits for a line on its standard error that contains the text, sends it the signal, and lets it end.
let interruptAt (text: string) (signal: string) folder words =
    use started = startHearing folder words
    waitFor started text
    execute folder "kill" [ $"-{signal}"; string started.Id ] |> ignore
    finish started (started.StandardError.ReadToEndAsync())
