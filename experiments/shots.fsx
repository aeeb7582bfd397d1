// Few annotated subjects: the spleen is added to a backbone of three other organs on abdominal MR (CHAOS, T2-SPIR) from 1, 5 and 10 annotated
// subjects, by prompts, by LoRA and by tuning everything. Each seed draws its subjects, those of 1 among those of 5.
// Needs the data: punet run experiments/shots.fsx --data DIR, where DIR holds mr_01.nii.gz, seg_01.nii.gz and so on.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "chaos" {
        source (Folder.pairs (data ".") "mr_{id}.nii.gz" "seg_{id}.nii.gz")
        classes [ 1, "liver"; 2, "right kidney"; 3, "left kidney"; 4, "spleen" ]
        normalise_per_volume
        spacing (2.5, 2.5, 7.7)
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "right kidney"; "left kidney" ]
        novel_classes [ "spleen" ]
    }

let backbone =
    pretrain scans {
        supervise organs.Base
        self_supervise cpa
    }

let learned name (way: AdaptBuilder) =
    [ for shots in [ 1; 5; 10 ] ->
          way {
              label $"{name}, {shots}"
              targets organs.Novel
              subjects shots
          } ]

experiment "shots" {
    evaluate (learned "prompts" (promptTune backbone))
    evaluate (learned "LoRA" (tuneLowRank backbone))
    evaluate (learned "everything" (fineTune backbone))
    seeds [ 1; 2; 3 ]
}
