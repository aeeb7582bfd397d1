/// Values of options: lists, extents, ranges, and names of a union's cases.
module PUNet.Cli.CommandLine.Values

open System
open System.Globalization
open System.Text
open PUNet.Cli
open PUNet.Core.Common
open PUNet.Dsl

/// Names between commas.
let names (text: string) = text.Split(',', StringSplitOptions.TrimEntries ||| StringSplitOptions.RemoveEmptyEntries) |> List.ofArray

/// H,W,D in voxels.
let extent option (text: string) : Result<Extent, Fault> =
    let numbers = names text |> List.map (fun word -> Int32.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture))

    match numbers with
    | [ (true, h); (true, w); (true, d) ] when min h (min w d) > 0 -> Ok(Extent(h, w, d))
    | _ -> Error(Usage $"{option} takes three sizes in voxels, for example 224,224,1; given: {text}")

/// LOW,HIGH.
let range option (text: string) : Result<struct (double * double), Fault> =
    let numbers = names text |> List.map (fun word -> Double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture))

    match numbers with
    | [ (true, low); (true, high) ] when low < high && Double.IsFinite(high - low) -> Ok(struct (low, high))
    | _ -> Error(Usage $"{option} takes a lower and a higher number, for example -1000,1000; given: {text}")

/// A case of an enumeration, written as in scripts: tuneOutput; hyphens, underscores and capitals make no difference.
let case<'Case when 'Case: struct and 'Case :> Enum and 'Case: (new: unit -> 'Case)> option (text: string) : Result<'Case, Fault> =
    let written (value: 'Case) = Json.JsonNamingPolicy.CamelCase.ConvertName(string value)
    let plain (text: string) = text.Replace("-", "").Replace("_", "").ToLowerInvariant()

    let all = Enum.GetValues<'Case>() |> List.ofArray

    match all |> List.tryFind (fun value -> plain (written value) = plain text) with
    | Some value -> Ok value
    | None -> Error(Usage $"{option} does not know {text}; {NearestName.remedy text (List.map written all)}")
