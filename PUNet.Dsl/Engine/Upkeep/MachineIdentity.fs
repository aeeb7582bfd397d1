/// Which machine this is, so that paths noted in a shared store are looked for only where they mean something.
module PUNet.Dsl.Engine.MachineIdentity

open System
open System.IO

let private number =
    lazy
        (try
            File.ReadAllText("/etc/machine-id").Trim()
         with
         | :? IOException
         | :? UnauthorizedAccessException -> "")

/// The machine's name and, where it has one, the number that outlives its starts.
let current () = $"{Environment.MachineName} {number.Value}".TrimEnd()
