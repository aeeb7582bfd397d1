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

let short =
    recipe {
        epochs 6
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.5
        augmentation_strength 0.3
        focal_loss { gamma 2.0 }
    }

let small =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (96, 96, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (128, 128, 1)
    }

let backbone =
    pretrain scans {
        follow short
        network small
        supervise organs.Base
        epochs 10
        body_rate 1.5e-3
        prompt_rate 1e-2
    }

let learned name rateOfAll (way: AdaptBuilder) =
    [ for shots in [ 1; 5; 10 ] ->
          way {
              follow short
              label $"{name}, {shots}"
              targets organs.Novel
              subjects shots
              rate rateOfAll
          } ]

experiment "shots" {
    evaluate (learned "prompts" 1e-2 (promptTune backbone))
    evaluate (learned "LoRA" 3e-3 (tuneLowRank backbone))
    evaluate (learned "everything" 5e-4 (fineTune backbone))
    seeds [ 1; 2; 3 ]
    overlap 0.25
}
