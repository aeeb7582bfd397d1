namespace PUNet.Cli.Rendering

open System

/// How fast a stage's work goes.
type Pace =
    {
        Unit: string
        Done: int64
        Total: int64
        Note: string
        /// Units per second; none before the second report.
        Rate: float option
        /// Time left; none where the rate is not known or the total is 0.
        Left: TimeSpan option
    }

    /// 12 of 400 steps, 3.5 steps/s, 2 min 3 s left, loss 0.3.
    override pace.ToString() =
        [ Some(if pace.Total > 0L then $"{pace.Unit} {pace.Done} of {pace.Total}" else $"{pace.Unit} {pace.Done}")
          pace.Rate |> Option.map (Duration.rate pace.Unit)
          pace.Left |> Option.map (fun left -> $"{Duration.show left} left")
          (if pace.Note = "" then None else Some pace.Note) ]
        |> List.choose id
        |> String.concat ", "

/// Rate and time left from the reports of one stage. What an interrupted run did before the first report does not count
/// as speed, and another unit or total starts afresh.
[<Sealed>]
type ProgressMeter() =
    let mutable first: struct (string * int64 * int64 * TimeSpan) voption = ValueNone

    /// Takes a report at a time since some fixed moment.
    member _.Report(unit: string, finished: int64, total: int64, note: string, now: TimeSpan) =
        let rate =
            match first with
            | ValueSome(struct (sameUnit, sameTotal, before, since)) when sameUnit = unit && sameTotal = total && finished >= before ->
                let seconds = (now - since).TotalSeconds

                if finished > before && seconds > 0.0 then Some(float (finished - before) / seconds) else None
            | _ ->
                first <- ValueSome(struct (unit, total, finished, now))
                None

        { Unit = unit
          Done = finished
          Total = total
          Note = note
          Rate = rate
          Left =
            rate
            |> Option.filter (fun _ -> total > 0L)
            |> Option.map (fun rate -> TimeSpan.FromSeconds(float (max 0L (total - finished)) / rate)) }
