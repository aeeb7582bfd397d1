/// The known name a mistyped one most likely stands for.
module PUNet.Dsl.NearestName

open PUNet.Core.Common

/// Fewest insertions, deletions and replacements of characters that turn one word into the other, whatever their case.
let distance (first: string) (second: string) = NearestName.Distance(first, second)

/// The closest of the known names, unless even that one differs in more than half of its characters.
let find (given: string) (known: string seq) = NearestName.Find(given, known) |> Option.ofObj

/// The remedy for an unknown name: the nearest known one, or the list of all.
let remedy given (known: string seq) = NearestName.Remedy(given, known)
