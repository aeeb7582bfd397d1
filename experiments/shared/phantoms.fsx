// What the comparisons on synthetic CT share: the scans, their organs, a small network, and one recipe of training.
#load "../punet.fsx"

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

/// The network of the quick start, with the attention computed as given.
let small (attention: AttentionSemantics) =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (80, 64, 1)
        second_student_patch (64, 48, 1)
        teacher_patch (80, 64, 1)
        semantics attention
    }

/// What every training does.
let short =
    recipe {
        crops_per_epoch 320
        batch_size 8
        foreground_fraction 0.6
        focal_loss { gamma 2.0 }
    }

/// What every adaptation does.
let adapting =
    recipe {
        follow short
        epochs 5
        augmentation_strength 0.3
        focal_loss { ratio_factor 0.03 }
    }

/// What every pre-training does.
let pretraining =
    recipe {
        follow short
        epochs 7
        body_rate 1.5e-3
        prompt_rate 1e-2
        augmentation_strength 0.15
        focal_loss { ratio_factor 0.02 }
    }

/// A novel organ by its prompts alone, which start from the mean of the base classes, or at random.
let tunePrompts backbone start name number (organ: TargetClass) =
    promptTune backbone {
        paper
        follow adapting
        label name
        target organ
        initial_tokens start
        prompt_rate 1e-2
        seed number
    }

/// Pre-training by labels and by agreement of student and teacher, both.
let learnBoth attention name number =
    pretrain scans {
        paper
        follow pretraining
        label name
        network (small attention)
        supervise organs.Base
        self_supervise (cpa { weight 0.02 })
        seed number
    }
