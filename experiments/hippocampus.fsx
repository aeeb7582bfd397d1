// Hippocampus on MR (Medical Segmentation Decathlon, task 4): a backbone learns the anterior part, then the posterior part is
// added by prompts alone. Intensities have no unit, so each volume is normalised by its own percentiles.
// Needs the data: punet run experiments/hippocampus.fsx --data DIR, where DIR holds images and labels.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "hippocampus" {
        source (Folder.pairs (data ".") "images/{id}.nii.gz" "labels/{id}.nii.gz")
        classes [ 1, "anterior"; 2, "posterior" ]
        normalise_per_volume
        spacing (0.8, 0.8, 1.0)
    }

let parts =
    classSplit scans {
        base_classes [ "anterior" ]
        novel_classes [ "posterior" ]
    }

// The paper's network, smaller; patches of a whole slice of a crop.
let small =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (48, 64, 1)
        second_student_patch (32, 48, 1)
        teacher_patch (48, 64, 1)
    }

// What all trainings share; each states below in what it differs.
let short =
    recipe {
        epochs 6
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.7
        prompt_rate 1e-2
        augmentation_strength 0.3

        focal_loss {
            gamma 2.0
            ratio_factor 0.02
        }
    }

let backbone =
    pretrain scans {
        paper
        follow short
        network small
        supervise parts.Base
        self_supervise (cpa { weight 0.02 })
        epochs 10
        body_rate 1.5e-3
        augmentation_strength 0.15
    }

let tuned =
    promptTune backbone {
        paper
        follow short
        targets parts.Novel
        start_from_base_mean
    }

let full =
    fineTune backbone {
        paper
        follow short
        targets parts.Novel
        start_from_base_mean
    }

experiment "hippocampus" {
    evaluate backbone
    evaluate tuned
    evaluate full
    compare tuned full
    overlap 0.25
    components ComponentRule.All
}
