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

// Patches of a small abdomen.
let small =
    network {
        like PUNet.small2d
        student_patch (80, 64, 1)
        second_student_patch (64, 48, 1)
        teacher_patch (80, 64, 1)
    }

// Short trainings; each states below in what it differs.
let short = recipe { crops_per_epoch 320 }

let backbone =
    pretrain scans {
        follow short
        network small
        supervise organs.Base
        self_supervise cpa
        epochs 8
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              follow short
              target organ
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              follow short
              target organ
          } ]

experiment "quickstart" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
    overlap 0.25
}
