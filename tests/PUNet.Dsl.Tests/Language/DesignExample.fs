/// The example script of the language, as a module.
module PUNet.Dsl.Tests.DesignExample

open PUNet.Dsl

let scans =
    dataset "CT-ORG" {
        source (CtOrg.inFolder (data "ct-org"))
        spacing (1.25, 1.25, 2.5)
        in_plane_extent 280
        intensity_window (-1000.0, 1000.0)

        split {
            train 0.7
            validation 0.1
            test 0.2
            seed 1
        }
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "bladder"; "kidneys" ]
        novel_classes [ "lungs"; "bone" ]
    }

let backbone =
    pretrain scans {
        network PUNet.paper2d
        supervise organs.Base
        self_supervise cpa
        epochs 400
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              target organ
              epochs 100
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              target organ
              epochs 100
          } ]

let ctorg =
    experiment "ctorg" {
        evaluate tuned
        evaluate full
        compare tuned full
    }

/// Every keyword of the blocks that the example does not use.
let small =
    network {
        channels [ 8; 16; 16; 32; 32 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 4
        pool_size 12
        student_patch (48, 48, 1)
        second_student_patch (32, 32, 1)
        teacher_patch (64, 64, 1)
    }

let made =
    dataset "phantoms" {
        source (
            phantoms {
                subjects 12
                seed 7
            }
        )

        split {
            train 0.5
            validation 0.25
            test 0.25
            seed 2
        }

        body_crop 20.0
        normalise_per_volume
    }

let untrained =
    randomBackbone made {
        network small
        seed 3
    }

let trained =
    pretrain made {
        network small
        supervise [ "liver"; "spleen" ]
        self_supervise (cpa { weight 0.02 })

        focal_loss {
            gamma 2.0
            ratio_factor 0.001
        }

        epochs 3
        crops_per_epoch 32
        batch_size 8
        crops_per_volume 2
        body_rate 1e-3
        prompt_rate 2e-3
        weight_decay 0.0
        momentum 0.9
        foreground_fraction 0.5
        augmentation_strength 0.5
        active_classes (1, 2)
        seed 5
    }

let repeated =
    [ for n in 1..3 ->
          promptTune trained {
              target "stomach"
              seed n
          } ]

let sweep =
    experiment "sweep" {
        evaluate trained
        evaluate repeated

        evaluate (
            tuneDecoder untrained {
                targets [ "stomach"; "pancreas" ]
                rate 1e-3
                subjects 2
            }
        )

        overlap 0.25
    }
