/// Times and rates as people read them.
module PUNet.Cli.Rendering.Duration

open System
open System.Globalization

let private invariant (format: string) (value: float) = value.ToString(format, CultureInfo.InvariantCulture)

/// 0.4 s, 12 s, 3 min 20 s, 2 h 5 min.
let show (time: TimeSpan) =
    if time.TotalSeconds < 9.95 then invariant "0.0" time.TotalSeconds + " s"
    elif time.TotalSeconds < 60.0 then invariant "0" time.TotalSeconds + " s"
    elif time.TotalMinutes < 60.0 then $"{int time.TotalMinutes} min {time.Seconds} s"
    else $"{int time.TotalHours} h {time.Minutes} min"

/// 12 steps/s, or 3.5 s/step where that is less than one a second.
let rate (unit: string) (perSecond: float) =
    if perSecond >= 1.0 then
        $"""{invariant (if perSecond < 10.0 then "0.0" else "0") perSecond} {unit}s/s"""
    else
        $"""{invariant "0.0" (1.0 / perSecond)} s/{unit}"""
