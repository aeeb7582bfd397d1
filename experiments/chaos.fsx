// Abdominal MR (CHAOS, T2-SPIR): a backbone learns liver and right kidney, then left kidney and spleen are added by prompts alone, and by tuning
// everything. States data, classes and targets; all else is the default. One fold of four: `fold=1` and so on for the others.
// Needs the data: punet run experiments/chaos.fsx --data DIR, where DIR holds mr_01.nii.gz, seg_01.nii.gz and so on.
#load "punet.fsx"

open PUNet.Dsl

let testFold = argument "fold" 0

let scans =
    dataset "chaos" {
        source (Folder.pairs (data ".") "mr_{id}.nii.gz" "seg_{id}.nii.gz")
        classes [ 1, "liver"; 2, "right kidney"; 3, "left kidney"; 4, "spleen" ]
        normalise_per_volume
        spacing (2.5, 2.5, 7.7)

        split {
            folds 4
            fold testFold
            seed 1
        }
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "right kidney" ]
        novel_classes [ "left kidney"; "spleen" ]
    }

let backbone =
    pretrain scans {
        supervise organs.Base
        self_supervise cpa
    }

let tuned = [ for organ in organs.Novel -> promptTune backbone { target organ } ]
let full = [ for organ in organs.Novel -> fineTune backbone { target organ } ]

experiment "chaos" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
}
