// The whole method on synthetic CT in about two minutes: a backbone learns four organs, then two new organs are added
// by tuning prompts alone, and by tuning everything, to compare.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "phantoms" {
        source (phantoms { subjects 24 })
        body_crop 4.0
        intensity_window (-160.0, 240.0)
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "spleen"; "right kidney"; "stomach" ]
        novel_classes [ "left kidney"; "bladder" ]
    }

// The paper's network, smaller: fewer channels and tokens, patches of a small abdomen.
let small =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (80, 64, 1)
        second_student_patch (64, 48, 1)
        teacher_patch (80, 64, 1)
    }

// What all trainings share; each states below in what it differs.
let short =
    recipe {
        epochs 6
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.6
        prompt_rate 1e-2
        augmentation_strength 0.3

        focal_loss {
            gamma 2.0
            ratio_factor 0.03
        }
    }

let backbone =
    pretrain scans {
        follow short
        network small
        supervise organs.Base
        focal_loss { ratio_factor 0.02 }
        self_supervise (cpa { weight 0.02 })
        epochs 8
        body_rate 1.5e-3
        augmentation_strength 0.15
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              follow short
              target organ
              start_from_base_mean
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              follow short
              target organ
              start_from_base_mean
          } ]

experiment "quickstart" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
    overlap 0.25
}
