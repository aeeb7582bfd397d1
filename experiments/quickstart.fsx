// The whole method on synthetic CT in about two minutes: a backbone learns four organs, then two new organs are added
// by tuning prompts alone, and by tuning everything, to compare.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "phantoms" {
        source (phantoms { subjects 24 })

        split {
            train 0.7
            validation 0.1
            test 0.2
            seed 1
        }
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "right kidney"; "stomach"; "bladder" ]
        novel_classes [ "spleen"; "left kidney" ]
    }

let small =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 2
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (64, 64, 1)
        second_student_patch (48, 48, 1)
        teacher_patch (80, 80, 1)
    }

let backbone =
    pretrain scans {
        network small
        supervise organs.Base
        self_supervise cpa
        epochs 10
        crops_per_epoch 240
        batch_size 8
        foreground_fraction 0.5
        body_rate 1e-3
        prompt_rate 5e-3
        augmentation_strength 0.5
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              target organ
              epochs 6
              crops_per_epoch 160
              batch_size 8
              foreground_fraction 0.5
              prompt_rate 1e-2
              augmentation_strength 0.5
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              target organ
              epochs 6
              crops_per_epoch 160
              batch_size 8
              foreground_fraction 0.5
              body_rate 2e-3
              prompt_rate 1e-2
              augmentation_strength 0.5
          } ]

experiment "quickstart" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
}
