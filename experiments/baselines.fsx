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

        split {
            train 0.7
            validation 0.1
            test 0.2
            seed 1
        }
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
        pool_size 9
        student_patch (64, 64, 1)
        second_student_patch (48, 48, 1)
        teacher_patch (64, 64, 1)
    }

let rare =
    focal {
        gamma 2.0
        ratio_factor 0.02
    }

let rarer =
    focal {
        gamma 2.0
        ratio_factor 0.03
    }

let backbone name own =
    pretrain scans {
        label name
        network own
        supervise organs.Base
        segmentation_loss rare
        self_supervise (cpa { weight 0.02 })
        epochs 6
        crops_per_epoch 160
        batch_size 8
        foreground_fraction 0.6
        body_rate 1.5e-3
        augmentation_strength 0.15
    }

let backbones =
    [ backbone "UNet" residual; backbone "UNETR" transformer; backbone "SwinUNETR" windowed; backbone "PUNet" promptable ]

let targets = [ for organ in organs.Novel -> organ ]

let full =
    [ for trained in backbones do
          for organ in targets ->
              fineTune trained {
                  target organ
                  segmentation_loss rare
                  epochs 4
                  crops_per_epoch 160
                  batch_size 8
                  foreground_fraction 0.6
                  rate 1e-3
                  augmentation_strength 0.3
              } ]

let decoders =
    [ for trained in backbones do
          for organ in targets ->
              tuneDecoder trained {
                  target organ
                  segmentation_loss rare
                  epochs 4
                  crops_per_epoch 160
                  batch_size 8
                  foreground_fraction 0.6
                  body_rate 1e-3
                  augmentation_strength 0.3
              } ]

// What tunes few parameters needs more steps and a higher rate.
let outputs =
    [ for trained in backbones do
          for organ in targets ->
              tuneOutput trained {
                  target organ
                  segmentation_loss rare
                  epochs 12
                  crops_per_epoch 160
                  batch_size 8
                  foreground_fraction 0.6
                  body_rate 1e-2
                  augmentation_strength 0.3
              } ]

let prompts =
    [ for organ in targets ->
          promptTune (List.last backbones) {
              target organ
              start_from_base_mean
              segmentation_loss rarer
              epochs 12
              crops_per_epoch 160
              batch_size 8
              foreground_fraction 0.6
              prompt_rate 1e-2
              augmentation_strength 0.3
          } ]

experiment "baselines" {
    evaluate backbones
    evaluate full
    evaluate decoders
    evaluate outputs
    evaluate prompts
    overlap 0.25
}
