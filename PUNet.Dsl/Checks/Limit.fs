namespace PUNet.Dsl

open System
open System.Globalization

/// The numbers that a setting takes.
type internal Limit<'Settings> =
    {
        Keyword: string
        /// Every number that the setting holds; whole numbers are exact in it.
        Numbers: 'Settings -> float list
        Lowest: float
        /// Whether the lowest itself is refused.
        IsAbove: bool
        Highest: float
        /// Why there is an upper end.
        Why: string
        /// Why there is a lower one, where that does not speak for itself.
        WhyLowest: string
        /// What the numbers count where they are not the setting's own but what it makes, for example voxels; else empty.
        Unit: string
        /// Other settings that make the numbers too.
        Also: string list
    }

module internal Limit =
    let private show (number: float) = number.ToString(CultureInfo.InvariantCulture)

    /// A setting that holds one real number, both ends included.
    let real keyword (number: 'Settings -> float) (lowest, highest) why =
        { Keyword = keyword
          Numbers = fun settings -> [ number settings ]
          Lowest = lowest
          IsAbove = false
          Highest = highest
          Why = why
          WhyLowest = ""
          Unit = ""
          Also = [] }

    /// The same above a lowest number.
    let above keyword number ends why = { real keyword number ends why with IsAbove = true }

    /// A setting that holds several real numbers, or one that may be left out.
    let reals keyword (numbers: 'Settings -> float list) ends why = { real keyword (fun _ -> 0.0) ends why with Numbers = numbers }

    /// A setting that holds one whole number.
    let whole keyword (number: 'Settings -> int) (lowest: int, highest: int) why =
        real keyword (number >> float) (float lowest, float highest) why

    /// A setting that holds several whole numbers, or one that may be left out.
    let wholes keyword (numbers: 'Settings -> int seq) (lowest: int, highest: int) why =
        reals keyword (numbers >> Seq.map float >> List.ofSeq) (float lowest, float highest) why

    /// How much of something settings make together; computed in real numbers, which do not overflow.
    let product keywords unit number highest why =
        { real (List.head keywords) number (0.0, highest) why with Unit = unit; Also = List.tail keywords }

    /// A setting that holds a part of something.
    let share keyword number = real keyword number (0.0, 1.0) "it is a share, from 0 to 1"

    let private rule limit number =
        if not (Double.IsFinite number) then "it must be a finite number", ""
        elif limit.Lowest = 0.0 && limit.Highest = 1.0 then limit.Why, ""
        elif number > limit.Highest then $"it must be at most {show limit.Highest}", limit.Why
        elif limit.IsAbove then $"it must be above {show limit.Lowest}", limit.WhyLowest
        elif limit.Lowest = 0.0 then "it must not be negative", limit.WhyLowest
        else $"it must be at least {show limit.Lowest}", limit.WhyLowest

    let private isInside limit number =
        Double.IsFinite number
        && (if limit.IsAbove then number > limit.Lowest else number >= limit.Lowest)
        && number <= limit.Highest

    let private outside given (where: Rules.Where) settings limit =
        [ for number in limit.Numbers settings do
              if not (isInside limit number) then
                  let keyword = Rules.firstOf given (limit.Keyword :: limit.Also)
                  let word = Rules.spoken given keyword |> Option.defaultValue keyword
                  let rule, why = rule limit number
                  let what = if limit.Unit = "" then $"{word} is {show number}" else $"{word} makes {show number} {limit.Unit}"
                  Problem.at (where keyword) what rule "" why ]

    /// The numbers outside their limits, each at the word that gives it; what they make together only where each is inside.
    let problems (given: Map<string, SourcePosition>) (where: Rules.Where) (limits: Limit<'Settings> list) (settings: 'Settings) =
        let single, together = limits |> List.partition (fun limit -> limit.Unit = "")

        match List.collect (outside given where settings) single with
        | [] -> List.collect (outside given where settings) together
        | faults -> List.distinct faults
