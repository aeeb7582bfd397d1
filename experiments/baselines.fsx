// The networks that the paper compares with, small, on synthetic CT: each learns two organs and is then adapted to a third by
// training everything, or its decoder, or its output layer alone. The prompt-able UNet does the same, and tunes prompts too.
// At their published sizes the baselines are Baselines.unet2d, Baselines.unetr2d and Baselines.swinUnetr2d.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "phantoms" {
        source (phantoms { subjects 16 })
        body_crop 4.0
        intensity_window (-160.0, 240.0)
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "spleen" ]
        novel_classes [ "stomach" ]
    }

let residual =
    unet {
        channels [ 8; 12; 16; 24; 32 ]
        student_patch (64, 64, 1)
        second_student_patch (48, 48, 1)
        teacher_patch (64, 64, 1)
    }

let transformer =
    unetr {
        feature_size 8
        hidden_size 96
        mlp_size 192
        heads 4
        layers 4
        student_patch (64, 64, 1)
        second_student_patch (48, 48, 1)
        teacher_patch (64, 64, 1)
    }

let windowed =
    swinUnetr {
        feature_size 12
        heads [ 2; 4; 8; 16 ]
        window 4
        student_patch (64, 64, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (64, 64, 1)
    }

let promptable =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (64, 64, 1)
        second_student_patch (48, 48, 1)
        teacher_patch (64, 64, 1)
    }

// What all trainings share; each states below in what it differs.
let short =
    recipe {
        epochs 4
        crops_per_epoch 160
        batch_size 8
        foreground_fraction 0.6
        augmentation_strength 0.3

        focal_loss {
            gamma 2.0
            ratio_factor 0.02
        }
    }

let backbone name own =
    pretrain scans {
        paper
        follow short
        label name
        network own
        supervise organs.Base
        self_supervise (cpa { weight 0.02 })
        epochs 6
        body_rate 1.5e-3
        augmentation_strength 0.15
    }

let backbones =
    [ backbone "UNet" residual; backbone "UNETR" transformer; backbone "SwinUNETR" windowed; backbone "PUNet" promptable ]

let full =
    [ for trained in backbones do
          for organ in organs.Novel ->
              fineTune trained {
                  paper
                  follow short
                  target organ
                  rate 1e-3
              } ]

let decoders =
    [ for trained in backbones do
          for organ in organs.Novel ->
              tuneDecoder trained {
                  paper
                  follow short
                  target organ
                  body_rate 1e-3
              } ]

// What tunes few parameters needs more steps and a higher rate.
let outputs =
    [ for trained in backbones do
          for organ in organs.Novel ->
              tuneOutput trained {
                  paper
                  follow short
                  target organ
                  epochs 12
                  body_rate 1e-2
              } ]

let prompts =
    [ for organ in organs.Novel ->
          promptTune (List.last backbones) {
              paper
              follow short
              target organ
              start_from_base_mean
              focal_loss { ratio_factor 0.03 }
              epochs 12
              prompt_rate 1e-2
          } ]

experiment "baselines" {
    evaluate backbones
    evaluate full
    evaluate decoders
    evaluate outputs
    evaluate prompts
    overlap 0.25
    components ComponentRule.All
}
