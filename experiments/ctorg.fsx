// The paper's experiment on CT-ORG (140 CT scans; The Cancer Imaging Archive): three base organs, two novel ones. `paper` takes
// what it states: volumes of 1.25 × 1.25 × 2.5 mm and 280 × 280 voxels in-plane, 70/10/20 % of the scans, 400 epochs of pre-training, 100 of tuning.
// Full size: for a GPU. Needs the data: punet run experiments/ctorg.fsx --data DIR, where DIR/ct-org holds volume-N.nii.gz and
// labels-N.nii.gz.
#load "punet.fsx"

open PUNet.Dsl

let scans = dataset "CT-ORG" { source (CtOrg.inFolder (data "ct-org")) }

let organs =
    classSplit scans {
        base_classes [ "liver"; "bladder"; "kidneys" ]
        novel_classes [ "lungs"; "bone" ]
    }

let backbone =
    pretrain scans {
        paper
        supervise organs.Base
        self_supervise cpa
    }

let tuned =
    [ for organ in organs.Novel ->
          promptTune backbone {
              paper
              target organ
          } ]

let full =
    [ for organ in organs.Novel ->
          fineTune backbone {
              paper
              target organ
          } ]

experiment "ctorg" {
    evaluate tuned
    evaluate full
    compare tuned full
    components ComponentRule.All
}
