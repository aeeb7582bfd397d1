// The paper's experiment on CT-ORG (140 CT scans; The Cancer Imaging Archive): three base organs, two novel ones.
// Full size: for a GPU. Needs the data: punet run experiments/ctorg.fsx --data DIR, where DIR/ct-org holds volume-N.nii.gz and
// labels-N.nii.gz.
#load "punet.fsx"

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

experiment "ctorg" {
    evaluate tuned
    evaluate full
    compare tuned full
}
