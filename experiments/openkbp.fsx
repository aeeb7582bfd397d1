// Head-and-neck CT (OpenKBP): a backbone learns brainstem, spinal cord and mandible, then both parotid glands are added by
// prompts alone. Needs the data: punet run experiments/openkbp.fsx --data DIR, where DIR holds train, validation and test.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "OpenKBP" {
        source (Folder.pairs (data ".") "{id}_ct.nii.gz" "{id}_seg.nii.gz")
        classes [ 1, "brainstem"; 2, "spinal cord"; 3, "right parotid"; 4, "left parotid"; 7, "mandible" ]
        body_crop 6.0
        spacing (3.0, 3.0, 3.0)
        intensity_window (-250.0, 500.0)
        given_split
    }

let organs =
    classSplit scans {
        base_classes [ "brainstem"; "spinal cord"; "mandible" ]
        novel_classes [ "right parotid"; "left parotid" ]
    }

// The paper's network, smaller: fewer channels and tokens, patches that hold a head.
let small =
    network {
        channels [ 16; 32; 48; 64; 96 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (96, 96, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (96, 96, 1)
    }

// What all trainings share; each states below in what it differs.
let short =
    recipe {
        epochs 10
        crops_per_epoch 400
        batch_size 8
        foreground_fraction 0.7
        prompt_rate 1e-2
        augmentation_strength 0.3

        focal_loss {
            gamma 2.0
            ratio_factor 0.005
        }
    }

let backbone =
    pretrain scans {
        paper
        follow short
        network small
        supervise organs.Base
        self_supervise (cpa { weight 0.02 })
        epochs 30
        body_rate 1.5e-3
        augmentation_strength 0.15
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              paper
              follow short
              target organ
              start_from_base_mean
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              paper
              follow short
              target organ
              start_from_base_mean
          } ]

experiment "openkbp" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
    overlap 0.25
    components ComponentRule.All
}
