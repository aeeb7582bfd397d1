namespace PUNet.Cli.Tests

open System
open System.IO

/// A folder of its own for a test, with a name that paths find hard; gone afterwards.
[<Sealed>]
type Workplace() =
    let root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"punet test ü {Guid.NewGuid():N}")).FullName

    do File.WriteAllText(Path.Combine(root, "punet.fsx"), "#if !PUNET\n#r \"../not-there.dll\"\n#endif\n")

    member _.Root = root

    /// Writes a file and gives its path.
    member _.Write(name: string, [<ParamArray>] lines: string array) =
        let path = Path.Combine(root, name)
        File.WriteAllLines(path, lines)
        path

    interface IDisposable with
        member _.Dispose() = Directory.Delete(root, true)
