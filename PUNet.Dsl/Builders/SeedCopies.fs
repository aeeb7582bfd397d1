namespace PUNet.Dsl

/// Evaluated stages with what is trained in their place: themselves, or one stage for each seed.
type internal SeedCopies private (repeated: (StageNode * StageNode list) list) =
    let same (left: StageNode) (right: StageNode) = obj.ReferenceEquals(left, right)
    let variants = repeated |> List.map fst |> Evaluations.variants

    let numberOf copy = repeated |> List.findIndex (fun (_, copies) -> List.exists (same copy) copies)

    /// What is trained in a stage's place.
    member _.Of(node: StageNode) = repeated |> List.find (fun (other, _) -> same node other) |> snd

    /// The copies of two stages that have the same seed.
    member copies.Pairs(left, right) =
        let left, right = copies.Of left, copies.Of right
        if left.Length = right.Length then List.zip left right else []

    /// What was done, as a table says it; copies differ in their seed, which it tells beside their mean.
    member _.VariantOf(copy: StageNode) =
        let original, _ = repeated[numberOf copy]
        variants |> List.pick (fun (node, name) -> if same node original then Some name else None)

    /// A number that the copies of a stage share; none where it has no copies.
    member _.RepetitionOf(copy: StageNode) =
        let number = numberOf copy
        if (snd repeated[number]).Length > 1 then Some number else None

    /// Every stage once for each seed; as it is where there are no seeds.
    static member ofStages (seeds: int list) (nodes: StageNode list) =
        SeedCopies
            [ for node in nodes ->
                  match seeds |> List.distinct |> List.choose (fun seed -> Evaluations.reseeded seed node) with
                  | [] -> node, [ node ]
                  | copies -> node, copies ]
