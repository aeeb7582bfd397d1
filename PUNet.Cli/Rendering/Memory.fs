/// Memory of this process.
module PUNet.Cli.Rendering.Memory

open System
open System.Globalization

/// Resident memory, for example 1.2 GB.
let show () =
    let gigabytes = float Environment.WorkingSet / float (1L <<< 30)
    gigabytes.ToString("0.0", CultureInfo.InvariantCulture) + " GB"
