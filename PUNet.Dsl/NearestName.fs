/// The known name a mistyped one most likely stands for.
module PUNet.Dsl.NearestName

/// Fewest insertions, deletions and replacements of characters that turn one word into the other, whatever their case.
let distance (first: string) (second: string) =
    let first, second = first.ToLowerInvariant(), second.ToLowerInvariant()
    let mutable above = [| 0 .. second.Length |]

    for i in 1 .. first.Length do
        let row = Array.zeroCreate (second.Length + 1)
        row[0] <- i

        for j in 1 .. second.Length do
            let replaced = above[j - 1] + (if first[i - 1] = second[j - 1] then 0 else 1)
            row[j] <- min replaced (1 + min above[j] row[j - 1])

        above <- row

    above[second.Length]

/// The closest of the known names, unless even that one differs in more than half of its characters.
let find (given: string) (known: string seq) =
    known
    |> Seq.map (fun name -> distance given name, name)
    |> Seq.filter (fun (edits, name) -> 2 * edits <= max 2 name.Length)
    |> Seq.sort
    |> Seq.tryHead
    |> Option.map snd

/// The remedy for an unknown name: the nearest known one, or the list of all.
let remedy given known =
    match find given known with
    | Some name -> $"did you mean \"{name}\"?"
    | None when Seq.isEmpty known -> "none is declared"
    | None -> let all = String.concat ", " known in $"known: {all}"
