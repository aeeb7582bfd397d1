// Which of the differences between the paper's text and its published implementation matter? Both, and each difference
// alone, with three seeds; on synthetic CT, with the quick start's small network. The table is in docs/comparisons.md.
#load "shared/phantoms.fsx"

open PUNet.Dsl
open Phantoms

let readings =
    [ "paper", AttentionSemantics.Paper
      "reference", AttentionSemantics.Reference
      "keys of the projected query", AttentionSemantics(KeyValueInput = KeyValueInput.ProjectedQuery)
      "dilated windows", AttentionSemantics(WindowLayout = WindowLayout.Dilated)
      "multiplicative mask", AttentionSemantics(ShiftMask = ShiftMask.MultiplicativeInverted)
      "fixed region", AttentionSemantics(PaddingRegion = PaddingRegion.FixedContentRegion)
      "padding of all axes", AttentionSemantics(WindowPadding = WindowPadding.AllAxesCeilingFirst)
      "cosine plus half", AttentionSemantics(SimilarityScale = SimilarityScale.CosinePlusHalf) ]

let runs =
    [ for number in 1..3 do
          for name, attention in readings do
              let backbone = learnBoth attention $"{name}, seed {number}" number

              backbone,
              [ for organ in organs.Novel ->
                    tunePrompts backbone TokenInitialisation.MeanOfBase $"{name}, seed {number}, {organ.Name}" number organ ] ]

experiment "semantics" {
    evaluate (List.collect snd runs)
    overlap 0.25
    components ComponentRule.All
}
