// One annotated scan: everything is learned from a single abdomen CT and tested on another scan. A backbone learns four structures,
// then three more are added by prompts, from the same scan. The labels of both scans are the output of another model
// (TotalSegmentator), not manual; with a single test scan, which shows 4 cm of the upper abdomen, the figures are an example of how it is
// done and no measurement of how good it is.
// Needs the data: punet run experiments/one-shot.fsx --data DIR, where DIR holds abdomen_ct.nii.gz, abdomen_seg.nii.gz,
// upperabdomen_ct.nii.gz and upperabdomen_seg.nii.gz.
#load "punet.fsx"

open PUNet.Dsl

let scans =
    dataset "one CT" {
        source (Folder.pairs (data ".") "{id}_ct.nii.gz" "{id}_seg.nii.gz")

        classes [ 1, "spleen"; 5, "liver"; 6, "stomach"; 52, "aorta"; 79, "spinal cord"; 86, "back muscles"; 87, "back muscles" ]

        spacing (3.0, 3.0, 3.0)
        intensity_window (-160.0, 240.0)

        // two scans: one trains, one tests; of the seeds this one lets the larger scan train
        split {
            train 0.5
            validation 0.0
            test 0.5
            seed 2
        }
    }

let organs =
    classSplit scans {
        base_classes [ "liver"; "aorta"; "back muscles"; "spinal cord" ]
        novel_classes [ "spleen"; "stomach" ]
    }

let small =
    network {
        channels [ 16; 24; 32; 48; 64 ]
        heads 4
        window (4, 4, 1)
        tokens_per_class 8
        student_patch (96, 96, 1)
        second_student_patch (64, 64, 1)
        teacher_patch (96, 96, 1)
    }

let short =
    recipe {
        epochs 3
        crops_per_epoch 160
        batch_size 8
        crops_per_volume 8
        foreground_fraction 0.7
        prompt_rate 1e-2
        augmentation_strength 0.3
        focal_loss { gamma 2.0 }
    }

let backbone =
    pretrain scans {
        paper
        follow short
        network small
        supervise organs.Base
        self_supervise (cpa { weight 0.02 })
        epochs 8
        body_rate 1.5e-3
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              paper
              follow short
              target organ
              start_from_base_mean
          } ]

experiment "one-shot" {
    evaluate backbone
    evaluate tuned
    overlap 0.25
    components ComponentRule.All
}
