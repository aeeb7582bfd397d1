// What does pre-training give a backbone that is then frozen? Labels and self-supervision, each alone, neither; three seeds.
// On synthetic CT, with the quick start's small network. The table is in docs/comparisons.md.
#load "shared/phantoms.fsx"

open PUNet.Dsl
open Phantoms

let asInPaper = AttentionSemantics.Paper

let learnFromLabels name number =
    pretrain scans {
        paper
        follow pretraining
        label name
        network (small asInPaper)
        supervise organs.Base
        seed number
    }

let learnAlone name number =
    pretrain scans {
        paper
        follow pretraining
        label name
        network (small asInPaper)
        self_supervise cpa
        seed number
    }

let learnNothing name number =
    randomBackbone scans {
        label name
        network (small asInPaper)
        seed number
    }

/// Each way with what the new tokens start from.
let ways =
    [ "labels and self-supervision", learnBoth asInPaper, [ TokenInitialisation.MeanOfBase; TokenInitialisation.Random ]
      "labels", learnFromLabels, [ TokenInitialisation.MeanOfBase ]
      "self-supervision", learnAlone, [ TokenInitialisation.Random ]
      "nothing", learnNothing, [ TokenInitialisation.Random ] ]

let tuned =
    [ for number in 1..3 do
          for name, learn, starts in ways do
              let backbone = learn $"{name}, seed {number}" number

              for start in starts do
                  for organ in organs.Novel do
                      tunePrompts backbone start $"{name}, {start}, seed {number}, {organ.Name}" number organ ]

experiment "pretraining" {
    evaluate tuned
    overlap 0.25
    components ComponentRule.All
}
